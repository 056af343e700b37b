"""Re-sends, flapping, silences and alerts that end by themselves: what must not ring, and what must ring after all."""

from datetime import timedelta

from tests.scenario.story import PLAN, Story

from muster.alerts.actions.silences import create, expire
from muster.alerts.matchers import parse_all
from muster.alerts.silence_draft import SilenceDraft
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.incident import State


async def _silence(story: Story, matcher: str, **time: float) -> None:
    now = story.clock.now()
    async with story.unit("bo") as unit:
        matchers = tuple(parse_all(matcher))
        draft = SilenceDraft("silence", matchers, now, now + timedelta(**time), "Disks are swapped.")
        await create(unit, draft)


async def test_what_is_sent_again_and_again_rings_once(story: Story) -> None:
    for _ in range(20):
        await story.fires("DiskFull")
        await story.wait(seconds=10)
    assert story.rung == [("ana", 0)]
    await story.muster.intake.flush_touched()
    assert await story.count("SELECT count(*) FROM incidents") == 1
    assert await story.count("SELECT signal_count FROM alerts") == 20
    assert await story.count("SELECT count(*) FROM signals") < 20, "a re-send that says nothing new is not stored"


async def test_the_same_message_of_a_second_prometheus_rings_once(story: Story) -> None:
    await story.fires("DiskFull")
    story.muster.intake._memory.clear()
    await story.fires("DiskFull")
    await story.restart()
    await story.fires("DiskFull")
    assert len(story.texts) == 1


async def test_alerts_of_one_group_are_one_incident_and_ring_once(story: Story) -> None:
    await story.fires("DiskFull", instance="a")
    await story.wait(minutes=1)
    await story.fires("DiskFull", instance="b")
    assert len(story.texts) == 1
    assert (await story.told()).count("AlertJoined") == 1
    await story.wait(minutes=30)
    await story.fires("DiskFull", instance="c")
    assert {each.incident for each in story.texts} == {"INC-1", "INC-2"}, "beyond the window it is another incident"


async def test_what_ends_before_anybody_came_rings_no_further(story: Story) -> None:
    await story.fires("DiskFull")
    await story.wait(minutes=4)
    await story.ends("DiskFull")
    incident = await story.incident()
    assert incident.state is State.RESOLVED
    (page,) = await story.pages()
    assert (page.state, page.ended_reason) == ("stopped", "Every alert ended before anybody acknowledged.")
    await story.wait(hours=2)
    assert story.rung == [("ana", 0)]
    assert "ClockBreached" not in await story.told()


async def test_one_of_two_alerts_ending_stops_nothing(story: Story) -> None:
    await story.fires("DiskFull", instance="a")
    await story.fires("DiskFull", instance="b")
    await story.ends("DiskFull", instance="a")
    assert (await story.incident()).state is State.TRIGGERED
    await story.wait(minutes=5)
    assert story.rung == [("ana", 0), ("bo", 5)]


async def test_an_incident_somebody_has_is_not_resolved_by_its_alerts(story: Story) -> None:
    await story.fires("DiskFull")
    await story.tap(story.texts[0])
    await story.ends("DiskFull")
    assert (await story.incident()).state is State.ACKNOWLEDGED
    assert "AllAlertsEnded" in await story.told()


async def test_what_comes_and_goes_is_damped_and_rings_when_it_stays(story: Story) -> None:
    for _ in range(7):
        await story.fires("Link")
        await story.wait(seconds=30)
        await story.ends("Link")
        await story.wait(seconds=30)
    rung = len(story.texts)
    assert rung == 4, "four times within a quarter of an hour, then no more"
    await story.fires("Link")
    assert len(story.texts) == rung
    async with story.muster.database.read() as conn:
        reason = await conn.fetchval("SELECT hold_reason FROM alerts")
    assert reason == "Flapping: began 8 times within 15 min. It pages if it still fires after 5 min."
    await story.wait(minutes=4)
    assert len(story.texts) == rung
    await story.wait(minutes=2)
    assert len(story.texts) == rung + 1
    assert (await story.incident(rung + 1)).state is State.TRIGGERED


async def test_what_flaps_and_goes_for_good_never_rings_again(story: Story) -> None:
    for _ in range(6):
        await story.fires("Link")
        await story.wait(seconds=30)
        await story.ends("Link")
        await story.wait(seconds=30)
    rung = len(story.texts)
    await story.wait(hours=2)
    assert len(story.texts) == rung


async def test_a_silence_holds_and_its_end_lets_ring_what_still_fires(story: Story) -> None:
    await _silence(story, 'alertname="DiskFull"', minutes=30)
    await story.fires("DiskFull", "Gone")
    await story.fires("DiskFull", instance="short")
    assert [each.incident for each in story.texts] == ["INC-1"]
    assert (await story.incident(1)).title.startswith("Gone")
    await story.wait(minutes=10)
    await story.ends("DiskFull", instance="short")
    await story.wait(minutes=19)
    assert await story.count("SELECT count(*) FROM incidents") == 1
    await story.wait(minutes=1, seconds=1)
    assert await story.count("SELECT count(*) FROM incidents") == 2
    assert [each.phone for each in story.texts if each.incident == "INC-2"] == ["ana"]
    await story.wait(minutes=6)
    assert [each.phone for each in story.texts if each.incident == "INC-2"] == ["ana", "bo"]


async def test_a_silence_that_is_ended_by_hand_lets_ring_at_once(story: Story) -> None:
    await _silence(story, 'alertname=~"Disk.*"', hours=8)
    await story.fires("DiskFull")
    assert story.texts == []
    async with story.unit("bo") as unit:
        await expire(unit, await unit.conn.fetchval("SELECT id FROM silences"), "The disks are swapped.")
    assert story.rung == [("ana", 0)]


async def test_a_silence_does_not_stop_an_incident_that_runs(story: Story) -> None:
    await story.fires("DiskFull")
    await _silence(story, 'alertname="DiskFull"', hours=8)
    await story.wait(minutes=5)
    assert story.rung == [("ana", 0), ("bo", 5)]


async def test_an_alert_that_nobody_sends_any_more_ends_by_its_own_promise(story: Story) -> None:
    await story.wait(minutes=2, periodic=("alert.expire",))
    await story.fires("DiskFull")
    async with story.unit() as unit:
        await unit.conn.execute("UPDATE alerts SET ends_at = $1", unit.now + timedelta(minutes=2))
    await story.wait(minutes=4, periodic=("alert.expire",))
    assert (await story.incident()).state is State.RESOLVED
    assert story.rung == [("ana", 2)]


async def test_acknowledged_and_forgotten_is_paged_anew(story: Story) -> None:
    await story.apply(PLAN + "paging: {remind_acknowledged: {critical: 1h}}\n")
    await story.fires("DiskFull")
    incident = await story.incident()
    async with story.unit("ana") as unit:
        await acknowledge(unit, incident.id)
    await story.wait(minutes=59)
    assert len(story.texts) == 1
    await story.wait(minutes=7)
    assert story.rung == [("ana", 0), ("ana", 60), ("bo", 65)]
    assert "ana acknowledged INC-1, and it is not mitigated yet." in story.texts[1].body
    await story.tap(story.texts[1])
    await story.wait(minutes=30)
    assert len(story.texts) == 3
