"""Storms reach a person as messages that can be read, programs as every page; limits hold back, merge and say so (R76)."""

from datetime import UTC, datetime

from tests.scenario.radio import Radio
from tests.scenario.story import PLAN, Story

from muster.base.db.lanes import Lane
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.incident import State
from muster.paging.actions.audit import audit
from muster.paging.actions.message_answers import answer
from muster.paging.answer import Said
from muster.paging.channel import refused, retry

ONE_STEP = PLAN.replace('    - {notify: ["person:bo"], wait: 10m}\n', "").replace(
    '    - {notify: ["person:cy"], wait: 15m}\n', ""
)
TIGHT = ONE_STEP + "paging: {bundle: {after: 100, within: 1m}, limits: {sms: {most: 2, within: 10m}}}\n"


def names(many: int, first: int = 1) -> list[str]:
    """That many different alerts."""
    return [f"Alert{number:03}" for number in range(first, first + many)]


async def rows(story: Story, columns: str) -> list[tuple[object, ...]]:
    """Columns of all deliveries, in the order in which they were made."""
    async with story.muster.database.read() as conn:
        found = await conn.fetch(f"SELECT {columns} FROM deliveries ORDER BY created_at, id")
    return [tuple(row) for row in found]


async def test_many_pages_at_once_are_one_message_and_each_keeps_its_own_account(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    await story.fires(*names(12))
    (heard,) = radio.heard
    assert heard.message.subject.startswith("CRITICAL 12 alerts, 12 incidents: INC-")
    assert "12 alerts, 12 incidents: the worst is critical." in heard.message.body
    assert "and 4 more" in heard.message.body
    assert set(await rows(story, "state, bundle_id")) == {("handed_over", heard.message.delivery_id)}
    assert await story.count("SELECT count(*) FROM delivery_attempts") == 12
    assert await story.count("SELECT count(*) FROM ledger WHERE kind = 'MessageSent'") == 12
    answered = await story.tap_link(heard.message.acknowledge_url or "")
    assert answered.status_code == 200
    assert {(await story.incident(number)).state for number in range(1, 13)} == {State.ACKNOWLEDGED}
    await story.wait(hours=1)
    assert len(radio.heard) == 1


async def test_a_program_gets_every_page_of_a_storm(story: Story) -> None:
    await story.apply(ONE_STEP)
    await story.fires(*names(30))
    assert len({each.incident for each in story.texts}) == 30


async def test_what_dribbles_in_is_gathered_after_the_third_message(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    for number in range(8):
        await story.fires(f"Alert{number}")
        await story.wait(seconds=2)
    assert radio.calls == [("ntfy", 0), ("ntfy", 2), ("ntfy", 4)]
    waiting = {reason for state, reason in await rows(story, "state, reason") if state == "planned"}
    assert waiting == {"More than 3 messages within 1 min: this one is gathered with others into one message."}
    await story.wait(minutes=2)
    assert radio.calls[3:] == [("ntfy", 60)]
    assert "5 alerts, 5 incidents" in radio.heard[3].message.body
    assert await story.count("SELECT count(*) FROM work WHERE kind LIKE 'delivery%'") == 0


async def test_a_critical_incident_never_waits_behind_a_mild_storm(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    for number in range(6):
        await story.fires(f"Mild{number}", severity="low")
    assert len(radio.heard) == 3
    await story.fires("Grave")
    assert radio.heard[3].message.severity == "critical"
    assert radio.calls[3] == ("ntfy", 0)
    assert radio.heard[3].message.incident_ref == "INC-7"


async def test_who_is_not_needed_any_more_is_left_out_of_the_bundle(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    for number in range(9):
        await story.fires(f"Alert{number}")
    async with story.unit("bo") as unit:
        await acknowledge(unit, "5")
    await story.wait(minutes=2)
    (last,) = radio.heard[3:]
    assert "INC-5" not in last.message.body
    assert "INC-4" in last.message.body
    assert "INC-6" in last.message.body


async def test_a_bundle_that_fails_is_tried_again_and_then_carried_on_in_one_message(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy", "voice"), ONE_STEP)
    radio.providers["ntfy"].next = [retry("Busy."), refused("No such topic.")]
    await story.fires(*names(5))
    await story.wait(seconds=10)
    assert radio.calls == [("ntfy", 0), ("ntfy", 1), ("voice", 1)]
    assert radio.heard[0].message.key == radio.heard[1].message.key
    assert sorted({(channel, state) for channel, state in await rows(story, "channel, state")}) == [
        ("ntfy", "failed"),
        ("voice", "handed_over"),
    ]
    assert await story.count("SELECT count(*) FROM deliveries") == 10


async def test_a_crash_between_gathering_and_sending_sends_the_bundle(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    radio.providers["ntfy"].next = [retry("Busy.")]
    await story.fires(*names(5))
    await story.crash()
    story.muster = story.node()
    await story.muster.start()
    radio.tune()
    await story.wait(seconds=10)
    assert [each.message.key for each in radio.heard] == [radio.heard[0].message.key] * 2
    assert {state for (state,) in await rows(story, "state")} == {"handed_over"}


async def test_a_limit_holds_mild_pages_back_and_merges_them(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms"), TIGHT)
    for number in range(5):
        await story.fires(f"Mild{number}", severity="low")
        await story.wait(seconds=10)
    assert radio.calls == [("sms", 0), ("sms", 10)]
    waiting = {reason for state, reason in await rows(story, "state, reason") if state == "planned"}
    assert waiting == {
        "2 messages by sms within 10 min is the plan's limit: this one waits and comes in one message with what else waits."
    }
    assert len(await story.told_of("MessageDeferred", 3)) == 1
    await story.wait(minutes=12)
    assert radio.calls[2] == ("sms", 600)
    assert "3 alerts, 3 incidents" in radio.heard[2].message.body


async def test_beyond_the_limit_a_critical_page_takes_the_next_contact_at_once(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms", "voice"), TIGHT)
    for number in range(3):
        await story.fires(f"Grave{number}")
    assert radio.calls == [("sms", 0), ("sms", 0), ("voice", 0)]
    found = await rows(story, "channel, state, reason")
    over = next(reason for channel, state, reason in found if (channel, state) == ("sms", "cancelled"))
    assert over == "2 messages by sms within 10 min is the plan's limit: the next contact was tried at once."


async def test_beyond_the_limit_a_critical_page_without_another_contact_goes_all_the_same(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms"), TIGHT)
    for number in range(3):
        await story.fires(f"Grave{number}")
    assert radio.calls == [("sms", 0)] * 3


async def test_one_answer_takes_all_of_a_bundle(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms"), ONE_STEP)
    await story.fires(*names(5))
    async with story.unit() as unit:
        said = await answer(unit, Said("sms", "ack", address=radio.heard[0].address))
    assert said.endswith("And 2 more like this.")
    assert {(await story.incident(number)).state for number in range(1, 6)} == {State.ACKNOWLEDGED}


async def test_an_answer_to_the_newest_names_what_else_waits(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms"), ONE_STEP)
    await story.fires("First")
    await story.wait(seconds=5)
    await story.fires("Second")
    async with story.unit() as unit:
        said = await answer(unit, Said("sms", "ok", address=radio.heard[0].address))
    assert said == "You have INC-2: Second happened. Also waiting for you: INC-1. Answer `ack all`."
    async with story.unit() as unit:
        assert (
            await answer(unit, Said("sms", "ack all", address=radio.heard[0].address))
            == "You have INC-1: First happened."
        )


async def test_a_storm_that_begins_at_night_waits_for_a_sleeper_in_one_message(story: Story) -> None:
    radio = Radio(story)
    await story.jump(datetime(2026, 3, 2, 23, 0, tzinfo=UTC))
    await story.apply(radio.person("ana", "ntfy", quiet_hours={"from": "22:00", "to": "07:00"}), ONE_STEP)
    await story.fires(*names(9), severity="low")
    await story.wait(hours=9)
    (heard,) = radio.heard
    assert heard.at == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert "9 alerts, 9 incidents" in heard.message.body


async def test_a_larger_storm_costs_no_more_statements(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    await story.fires("Warm")
    asked: list[str] = []
    loggers = [
        holder._con.add_query_logger(lambda query: asked.append(query.query))
        for lane in Lane
        for holder in story.muster.database.lane(lane).pool._holders
        if holder._con is not None
    ]
    assert loggers
    await story.fires(*names(20, 100))
    few = len(asked)
    assert few
    asked.clear()
    await story.wait(minutes=5)
    asked.clear()
    await story.fires(*names(80, 200))
    assert len(radio.heard[-1].message.context["incidents"]) == 80
    assert len(asked) <= few + 10, f"{few} statements for 20 pages, {len(asked)} for 80"


async def test_a_bundle_whose_job_was_lost_is_found_and_sent(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy"), ONE_STEP)
    radio.providers["ntfy"].next = [retry("Busy.")]
    await story.fires(*names(5))
    async with story.unit() as unit:
        await unit.conn.execute("DELETE FROM work WHERE kind = 'delivery.bundle'")
    async with story.unit() as unit:
        assert await audit(unit) == 1
    assert len(radio.heard) == 2
    assert {state for (state,) in await rows(story, "state")} == {"handed_over"}
