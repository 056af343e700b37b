"""Providers refuse, fail, stall or hang: a message is tried again, then elsewhere, then with the next person, and says why."""

import asyncio
from datetime import timedelta

import pytest
from tests.doubles.http_sink import Answer, Fault, Received, Reply
from tests.scenario.story import PLAN, Story

from muster.base.http import Http
from muster.base.http.client import Timeouts
from muster.incidents.actions.acknowledge import acknowledge
from muster.paging.channel import SendOutcome
from muster.paging.delivery import DeliveryState
from muster.paging.store import deliveries


def _answer(story: Story, **answers: Answer) -> None:
    """From here on these phones answer so; underscores stand for hyphens."""

    def choose(request: Received) -> Answer:
        return answers.get(request.path.removeprefix("/").replace("-", "_"), Reply())

    story.phones.answer = choose


def _seconds(story: Story) -> list[tuple[str, int]]:
    began = story.texts[0].at
    return [(each.phone, int((each.at - began).total_seconds())) for each in story.texts]


async def test_a_refused_contact_gives_way_to_the_next_one_at_once(story: Story) -> None:
    await story.apply(story.person("ana", "ana-2"))
    _answer(story, ana=Reply(404, b"no such device"))
    await story.fires("DiskFull")
    assert _seconds(story) == [("ana", 0), ("ana-2", 0)]
    states = sorted((phone, state) for phone, state, _ in await story.messages())
    assert states == [("ana", "failed"), ("ana-2", "handed_over")]
    (failed,) = await story.told_of("MessageFailed")
    assert failed["reason"] == "127.0.0.1 answered 404: nothing is at this address and said: no such device."
    assert failed["then"] == "fail_over"
    await story.wait(minutes=4)
    assert len(story.texts) == 2


@pytest.mark.parametrize("trouble", [Reply(500), Reply(503), Fault.RESET, Fault.CLOSE], ids=str)
async def test_trouble_at_the_provider_is_waited_out_with_growing_pauses(story: Story, trouble: Answer) -> None:
    story.phones.next(trouble, trouble)
    await story.fires("DiskFull")
    await story.wait(minutes=1)
    ((phone, state, reason),) = await story.messages()
    assert (phone, state, reason) == ("ana", "handed_over", "127.0.0.1 took it (200).")
    assert sorted({at for _, at in _seconds(story)}) == [0, 1, 5]
    assert len({each.id for each in story.texts}) == 1, "every attempt is the same message to its receiver"
    assert (await story.told()).count("MessageFailed") == 2


async def test_a_provider_that_asks_for_patience_gets_it(story: Story) -> None:
    story.phones.next(Reply(429, headers={"Retry-After": "30"}))
    await story.fires("DiskFull")
    await story.wait(minutes=1)
    assert _seconds(story) == [("ana", 0), ("ana", 30)]


async def test_one_that_asks_for_too_much_patience_gives_way(story: Story) -> None:
    await story.apply(story.person("ana", "ana-2"))
    story.phones.next(Reply(429, headers={"Retry-After": "3600"}))
    await story.fires("DiskFull")
    assert _seconds(story) == [("ana", 0), ("ana-2", 0)]


async def test_a_provider_that_hangs_is_left_after_its_time(story: Story) -> None:
    story.muster.services.of(Http)._timeouts = Timeouts(connect=0.3, silence=0.3, total=0.5)
    await story.apply(story.person("ana", "ana-2"))
    _answer(story, ana=Fault.HANG)
    await story.fires("DiskFull")
    await story.wait(seconds=10)
    (first, state, reason), second = sorted(await story.messages())
    assert (first, state, second[:2]) == ("ana", "failed", ("ana-2", "handed_over"))
    assert "seconds" in reason
    assert [each.phone for each in story.texts if each.phone == "ana-2"] == ["ana-2"]


async def test_trouble_that_lasts_moves_on_to_the_next_contact(story: Story) -> None:
    await story.apply(story.person("ana", "ana-2"))
    _answer(story, ana=Reply(500))
    await story.fires("DiskFull")
    await story.wait(minutes=1)
    assert _seconds(story) == [("ana", 0), ("ana", 1), ("ana", 5), ("ana-2", 5)]


async def test_the_only_contact_is_tried_for_as_long_as_it_takes(story: Story) -> None:
    # Ana's account has an e-mail address too, but this Muster has no mail server: it is no way out.
    _answer(story, ana=Reply(502))
    await story.fires("DiskFull")
    await story.wait(minutes=2)
    assert _seconds(story) == [("ana", seconds) for seconds in (0, 1, 5, 15, 45, 105)]
    story.phones.answer = Reply()
    await story.wait(minutes=2)
    assert [state for _, state, _ in await story.messages()] == ["handed_over"]


async def test_where_every_contact_refuses_the_next_step_does_not_wait(story: Story) -> None:
    await story.apply(story.person("ana", "ana-2"))
    _answer(story, ana=Reply(410), ana_2=Reply(403))
    await story.fires("DiskFull")
    assert _seconds(story) == [("ana", 0), ("ana-2", 0), ("bo", 0)]
    states = sorted((phone, state) for phone, state, _ in await story.messages())
    assert states == [("ana", "failed"), ("ana-2", "failed"), ("bo", "handed_over")]
    (_, escalated, *_) = [*await story.told_of("PageStarted"), *await story.told_of("PageEscalated")]
    assert escalated["taken"][0]["why"] == "Nobody of step 1 could be reached."
    await story.wait(minutes=10)
    assert _seconds(story)[3:] == [("cy", 600)], "the second step waits its own time"


async def test_one_reachable_person_of_a_step_is_enough_to_wait(story: Story) -> None:
    await story.apply(PLAN.replace('["person:ana"]', '["person:ana", "person:bo"]'))
    _answer(story, ana=Reply(404))
    await story.fires("DiskFull")
    assert {each.phone for each in story.texts} == {"ana", "bo"}
    await story.wait(minutes=4)
    assert len(story.texts) == 2


async def test_when_nobody_at_all_can_be_reached_the_page_says_so(story: Story) -> None:
    story.phones.answer = Reply(404)
    await story.fires("DiskFull")
    (page,) = await story.pages()
    assert (page.state, page.step) == ("exhausted", 3)
    assert [each.phone for each in story.texts] == ["ana", "bo", "cy"]
    assert (await story.told()).count("PageExhausted") == 1


async def test_a_person_without_a_way_to_reach_them_costs_no_time(story: Story) -> None:
    await story.apply(story.person("ana", phone=False))
    await story.fires("DiskFull")
    assert [each.phone for each in story.texts] == ["bo"]
    (failed,) = await story.told_of("MessageFailed")
    assert failed["channel"] == "email"
    assert "mail" in failed["reason"].lower()


async def test_acknowledging_stops_what_is_being_tried_again(story: Story) -> None:
    _answer(story, ana=Reply(500))
    await story.fires("DiskFull")
    await story.tap(story.texts[0])
    await story.wait(minutes=30)
    assert len(story.texts) == 1
    ((_, state, reason),) = await story.messages()
    assert (state, reason) == ("cancelled", "INC-1 was acknowledged.")


async def test_a_message_under_way_while_somebody_acknowledges_is_told_truthfully(story: Story) -> None:
    story.phones.next(Reply(200, after=0.5))
    firing = asyncio.create_task(story.fires("DiskFull"))
    await story.phones.wait(1)
    incident = await story.incident()
    # The phone has rung, its provider has not answered yet.
    async with story.muster.database.unit(await story.as_("bo")) as unit:
        await acknowledge(unit, incident.id)
    assert [state for _, state, _ in await story.messages()] == ["cancelled"]
    await firing
    ((_, state, reason),) = await story.messages()
    assert (state, reason) == ("handed_over", "127.0.0.1 took it (200).")
    await story.wait(hours=1)
    assert len(story.texts) == 1


async def test_a_late_failure_does_not_undo_what_another_attempt_achieved(story: Story) -> None:
    # Two nodes sent the same message; the one that had lost its lease reports last.
    await story.fires("DiskFull")
    async with story.unit() as unit:
        id_ = await unit.conn.fetchval("SELECT id FROM deliveries")
        late = deliveries.Attempted(id_, DeliveryState.PENDING, SendOutcome.RETRY, "It hung.")
        await deliveries.attempted(unit.conn, [late], unit.now + timedelta(seconds=1))
    ((_, state, reason),) = await story.messages()
    assert (state, reason) == ("handed_over", "127.0.0.1 took it (200).")
    assert await story.count("SELECT count(*) FROM delivery_attempts") == 2
