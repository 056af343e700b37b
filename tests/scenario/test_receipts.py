"""A provider took the message and says nothing: the next vendor, then the next contact, in order and once (R72)."""

from datetime import timedelta

from tests.scenario.radio import Radio
from tests.scenario.story import PLAN, Story

from muster.incidents.actions.acknowledge import acknowledge
from muster.paging.actions.receipts import report
from muster.paging.channel import SendOutcome, handed_over, refused, retry
from muster.paging.health import LOOKED_AT
from muster.paging.store import deliveries

ONE_STEP = PLAN.replace('    - {notify: ["person:bo"], wait: 10m}\n', "").replace(
    '    - {notify: ["person:cy"], wait: 15m}\n', ""
)


async def begun(story: Story, *kinds: str) -> Radio:
    """Ana has these contacts, and an incident pages her."""
    radio = Radio(story, receipts=True)
    await story.apply(radio.person("ana", *kinds), ONE_STEP)
    await story.fires("DiskFull")
    return radio


async def said(story: Story, provider_id: str, outcome: SendOutcome, reason: str = "The carrier says so.") -> bool:
    """The provider's later word."""
    async with story.unit() as unit:
        return await report(unit, "sms", provider_id, outcome, reason)


async def told(story: Story) -> list[tuple[str, str, str]]:
    """Channel, route and state of the deliveries, in their order."""
    async with story.muster.database.read() as conn:
        rows = await conn.fetch("SELECT channel, route, state FROM deliveries ORDER BY created_at, id")
    return [(row["channel"], row["route"], row["state"]) for row in rows]


async def test_without_a_receipt_the_next_vendor_and_then_the_next_contact_have_their_turn(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    await story.wait(seconds=59)
    assert radio.calls == [("sms", 0)]
    await story.wait(minutes=10)
    assert radio.calls == [("sms", 0), ("sms/gateway", 60), ("voice", 120)]
    assert await told(story) == [
        ("sms", "", "handed_over"),
        ("sms", "gateway", "handed_over"),
        ("voice", "", "handed_over"),
    ]
    missed = await story.told_of("ReceiptMissed")
    assert [each["reason"] for each in missed] == [
        "sms took the message and did not report within 60 s that it arrived.",
        "sms by gateway took the message and did not report within 60 s that it arrived.",
    ]
    async with story.muster.database.read() as conn:
        used = {each.channel: each for each in await deliveries.used_channels(conn, story.clock.now() - LOOKED_AT)}
    assert used["sms"].failing
    assert "No receipt came in time." in used["sms"].reason
    assert not used["voice"].failing


async def test_a_receipt_in_time_ends_the_matter(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    await story.wait(seconds=30)
    assert await said(story, radio.heard[0].provider_id, SendOutcome.DELIVERED)
    await story.wait(minutes=10)
    assert radio.calls == [("sms", 0)]
    assert await told(story) == [("sms", "", "delivered")]
    assert (await story.told()).count("MessageDelivered") == 1


async def test_receipts_may_come_twice_late_and_in_any_order_and_change_nothing_else(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    await story.wait(seconds=60)
    first, second = (each.provider_id for each in radio.heard)
    for _ in range(2):
        assert await said(story, first, SendOutcome.DELIVERED)
        assert await said(story, first, SendOutcome.REFUSED, "Undeliverable.")
        assert await said(story, second, SendOutcome.DELIVERED)
    await story.wait(minutes=10)
    assert radio.calls == [("sms", 0), ("sms/gateway", 60)]
    assert await told(story) == [("sms", "", "delivered"), ("sms", "gateway", "delivered")]


async def test_a_failure_that_is_reported_later_carries_on_at_once(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    await story.wait(seconds=5)
    assert await said(story, radio.heard[0].provider_id, SendOutcome.REFUSED, "Unknown number.")
    assert radio.calls == [("sms", 0), ("sms/gateway", 5)]
    assert await said(story, radio.heard[1].provider_id, SendOutcome.RETRY, "The carrier is down.")
    assert radio.calls[2:] == [("voice", 5)]
    await said(story, radio.heard[0].provider_id, SendOutcome.REFUSED, "Unknown number.")
    await story.wait(minutes=4)
    assert len(radio.calls) == 3
    assert sorted(state for _, _, state in await told(story)) == ["failed", "failed", "handed_over"]


async def test_where_every_way_failed_after_all_the_next_step_does_not_wait(story: Story) -> None:
    radio = Radio(story, receipts=True)
    await story.apply(radio.person("ana", "sms"))
    await story.fires("DiskFull")
    for number in range(2):
        await said(story, radio.heard[number].provider_id, SendOutcome.REFUSED, "Unknown number.")
    assert [each.phone for each in story.texts] == ["bo"]
    (_, escalated, *_) = [*await story.told_of("PageStarted"), *await story.told_of("PageEscalated")]
    assert escalated["taken"][0]["why"] == "Nobody of step 1 could be reached."


async def test_a_receipt_before_our_own_write_is_not_lost(story: Story) -> None:
    radio = Radio(story, receipts=True)
    await story.apply(radio.person("ana", "sms", "voice"), ONE_STEP)
    assert not await said(story, "sms-1", SendOutcome.DELIVERED, "It is on the phone.")
    await story.fires("DiskFull")
    assert await told(story) == [("sms", "", "delivered")]
    await story.wait(minutes=10)
    assert radio.calls == [("sms", 0)]


async def test_a_failure_before_our_own_write_carries_on_too(story: Story) -> None:
    radio = Radio(story, receipts=True)
    await story.apply(radio.person("ana", "sms", "voice"), ONE_STEP)
    assert not await said(story, "sms-1", SendOutcome.REFUSED, "Unknown number.")
    await story.fires("DiskFull")
    assert radio.calls == [("sms", 0), ("sms/gateway", 0)]


async def test_reports_about_other_systems_messages_are_forgotten(story: Story) -> None:
    await begun(story, "sms", "voice")
    await said(story, "of-another-system", SendOutcome.DELIVERED)
    await story.wait(hours=2)
    await said(story, "of-another-system-2", SendOutcome.DELIVERED)
    assert await story.count("SELECT count(*) FROM early_receipts") == 1


async def test_a_vendor_that_refuses_or_asks_for_too_much_patience_gives_way_to_the_next(story: Story) -> None:
    radio = Radio(story, receipts=True)
    radio.providers["sms"].next = [retry("Too many requests.", timedelta(hours=1)), refused("No credit.")]
    await story.apply(radio.person("ana", "sms", "voice"), ONE_STEP)
    await story.fires("DiskFull")
    assert radio.calls == [("sms", 0), ("sms/gateway", 0), ("voice", 0)]


async def test_taking_the_incident_ends_the_waiting_for_receipts(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    async with story.unit("bo") as unit:
        await acknowledge(unit, "1")
    await story.wait(minutes=10)
    assert radio.calls == [("sms", 0)]


async def test_a_crash_while_a_receipt_is_awaited_loses_and_doubles_nothing(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    await story.crash()
    story.muster = story.node()
    await story.muster.start()
    radio.tune()
    await story.wait(minutes=10)
    assert radio.calls == [("sms", 0), ("sms/gateway", 60), ("voice", 120)]


async def test_an_heir_is_written_once_whoever_asks_for_it_twice(story: Story) -> None:
    radio = await begun(story, "sms", "voice")
    radio.providers["sms"].next = [handed_over("Gateway took it.", "g-1")]
    first = radio.heard[0].provider_id
    async with story.unit() as unit:
        await report(unit, "sms", first, SendOutcome.REFUSED, "Unknown number.")
        await report(unit, "sms", first, SendOutcome.RETRY, "Unknown number.")
    await story.wait(seconds=30)
    assert radio.calls == [("sms", 0), ("sms/gateway", 0)]
