"""Nobody acknowledges, somebody acknowledges, the plan or the rota changes meanwhile: who is woken, when, and how often."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.scenario.story import PLAN, Story

from muster.incidents.incident import State
from muster.oncall.actions.overrides import add_override
from muster.oncall.schedules.override import OverrideDraft
from muster.paging.actions.escalate import escalate

HAND_OFF = """
kind: Schedule
name: primary
time_zone: Europe/Berlin
layers: [{name: weekly, people: [ana, bo], rotate: weekly, hand_off: "Mon 10:02", start: 2026-02-23}]
"""
BY_SCHEDULE = PLAN.replace('["person:bo"]', '["schedule:primary"]')


async def test_every_step_is_taken_at_its_time_in_order_and_once(story: Story) -> None:
    reply = await story.fires("DiskFull")
    assert reply.status == 200
    assert story.rung == [("ana", 0)]
    await story.wait(minutes=4, seconds=59)
    assert story.rung == [("ana", 0)]
    await story.wait(hours=3)
    assert story.rung == [("ana", 0), ("bo", 5), ("cy", 15)]
    assert [each.step for each in story.texts] == [1, 2, 3]
    assert len({each.id for each in story.texts}) == 3
    (page,) = await story.pages()
    assert (page.state, page.ended_reason) == ("exhausted", "Every step has run and nobody has acknowledged.")
    assert page.ended_at == page.started_at + timedelta(minutes=30)
    told = await story.told()
    assert (told.count("PageExhausted"), told.count("PageEscalated"), told.count("ClockBreached")) == (1, 3, 1)
    assert (await story.incident()).state is State.TRIGGERED


async def test_after_the_last_step_the_plan_goes_on_until_its_end(story: Story) -> None:
    await story.apply(PLAN + 'paging: {final: {notify: ["person:ana", "person:cy"], every: 10m, times: 3}}\n')
    await story.fires("DiskFull")
    await story.wait(hours=3)
    final = [("ana", 30), ("cy", 30), ("ana", 40), ("cy", 40), ("ana", 50), ("cy", 50)]
    assert story.rung[:3] == [("ana", 0), ("bo", 5), ("cy", 15)]
    assert sorted(story.rung[3:], key=lambda each: (each[1], each[0])) == final
    (page,) = await story.pages()
    assert (page.state, page.step) == ("exhausted", 6)


async def test_one_tap_stops_everything_in_the_same_moment(story: Story) -> None:
    await story.fires("DiskFull")
    await story.wait(minutes=5)
    assert story.rung == [("ana", 0), ("bo", 5)]
    answer = await story.tap(story.texts[1])
    assert answer.status_code == 200, answer.text
    incident = await story.incident()
    assert incident.state is State.ACKNOWLEDGED
    (page,) = await story.pages()
    assert (page.state, page.ended_at) == ("stopped", story.clock.now())
    assert await story.count("SELECT count(*) FROM work WHERE kind IN ('page.step', 'delivery', 'clock')") == 0
    await story.wait(hours=2)
    assert len(story.texts) == 2
    assert "ClockBreached" not in (await story.told())[(await story.told()).index("IncidentAcknowledged") :]


async def test_the_second_to_tap_is_told_who_has_it(story: Story) -> None:
    await story.fires("DiskFull")
    await story.wait(minutes=5)
    await story.tap(story.texts[0])
    late = await story.tap(story.texts[1])
    assert late.status_code == 200
    assert "ana has INC-1 already." in late.text
    assert (await story.told()).count("IncidentAcknowledged") == 1


async def test_whoever_is_woken_may_say_that_they_are_awake(story: Story) -> None:
    await story.apply(story.person("ana", permission="viewer"))
    await story.fires("DiskFull")
    assert (await story.tap(story.texts[0])).status_code == 200
    assert (await story.incident()).state is State.ACKNOWLEDGED


async def test_a_plan_that_says_who_acknowledges_is_obeyed_by_the_link_too(story: Story) -> None:
    await story.apply(story.person("ana", permission="viewer"), PLAN + "authority: {acknowledge: responder}\n")
    await story.fires("DiskFull")
    refused = await story.tap(story.texts[0])
    assert (refused.status_code, (await story.incident()).state) == (403, State.TRIGGERED)
    assert "The incident has not changed." in refused.text


async def test_a_run_keeps_its_plan_and_a_new_incident_takes_the_new_one(story: Story) -> None:
    await story.fires("Old")
    await story.wait(minutes=1)
    only_cy = PLAN[: PLAN.index("escalation:")] + 'escalation: {first: [{notify: ["person:cy"], wait: 1h}]}\n'
    await story.apply(only_cy)
    await story.fires("New")
    await story.wait(hours=1)
    rung = {number: [each.phone for each in story.texts if each.incident == f"INC-{number}"] for number in (1, 2)}
    assert rung == {1: ["ana", "bo", "cy"], 2: ["cy"]}
    (old,), (new,) = await story.pages(1), await story.pages(2)
    assert (len(old.steps), len(new.steps)) == (3, 1)
    assert old.plan_version_id != new.plan_version_id


async def test_a_step_means_whoever_is_on_call_when_it_is_taken(story: Story) -> None:
    # 09:00 UTC is 10:00 in Berlin: at 10:02 Ana hands over to Bo, between the first step and the second.
    await story.apply(HAND_OFF, BY_SCHEDULE.replace('["person:ana"]', '["schedule:primary"]'))
    await story.fires("DiskFull")
    await story.wait(minutes=5)
    assert story.rung == [("ana", 0), ("bo", 5)]
    assert "On call by primary" in story.texts[1].body


async def test_an_override_is_paged_in_place_of_the_rota(story: Story) -> None:
    await story.apply(HAND_OFF, BY_SCHEDULE.replace('["person:ana"]', '["schedule:primary"]'))
    now = story.clock.now()
    async with story.unit("bo") as unit:
        await add_override(unit, "primary", OverrideDraft("cy", now, now + timedelta(minutes=3), "Ana is on the train"))
    await story.fires("DiskFull")
    assert story.rung == [("cy", 0)]
    assert "Ana is on the train" in story.texts[0].body


async def test_nobody_on_call_costs_no_time(story: Story) -> None:
    await story.apply(HAND_OFF, BY_SCHEDULE.replace('["person:ana"]', '["schedule:primary"]'))
    now = story.clock.now()
    async with story.unit("bo") as unit:
        await add_override(unit, "primary", OverrideDraft(None, now, now + timedelta(hours=1)))
    await story.fires("DiskFull")
    assert story.rung == [("cy", 0)], "both steps of the schedule reach nobody, so the third is taken at once"
    (started,) = await story.told_of("PageStarted")
    assert [each["step"] for each in started["taken"]] == [1, 2, 3]
    assert "Nobody is on call by primary." in started["taken"][0]["targets"][0]["reason"]
    assert started["taken"][1]["why"] == "Step 1 reaches nobody."


async def test_the_night_of_the_summer_time_wakes_the_right_one_once(story: Story) -> None:
    # On 2026-03-29 Berlin's clocks go from 02:00 to 03:00: a hand-off at 02:30 is then made at 01:00 UTC.
    daily = HAND_OFF.replace("rotate: weekly", "rotate: daily").replace('"Mon 10:02"', '"02:30"')
    await story.apply(daily, BY_SCHEDULE.replace('["person:ana"]', '["schedule:primary"]'))
    woken = []
    for minute in (-2, 1):
        await story.jump(datetime(2026, 3, 29, 1, 0, tzinfo=UTC) + timedelta(minutes=minute))
        await story.fires(f"Night{minute}")
        woken.append(story.texts[-1].phone)
    assert woken[0] != woken[1]
    assert len(story.texts) == 2


async def test_by_hand_the_next_step_is_taken_now_and_only_once(story: Story) -> None:
    await story.fires("DiskFull")
    await story.wait(minutes=2)
    incident = await story.incident()
    async with story.unit("cy") as unit:
        await escalate(unit, incident.id, "Ana is on a plane.")
    assert story.rung == [("ana", 0), ("bo", 2)]
    await story.wait(minutes=4)
    assert len(story.texts) == 2, "the first step's own alarm went with it"
    await story.wait(minutes=6)
    assert story.rung[2] == ("cy", 12)


async def test_whoever_taps_while_something_else_is_in_the_way_is_not_asked_to_tap_again(story: Story) -> None:
    await story.fires("DiskFull")
    async with story.muster.work.pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM work WHERE kind = 'page.step' FOR UPDATE")
        tapping = asyncio.create_task(story.tap(story.texts[0]))
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        async with asyncio.timeout(10):
            while not await story.count(waiting):  # noqa: ASYNC110 - only the server knows
                await asyncio.sleep(0.02)
        # Each now waits for the other: the server gives up on the tap.
        await other.execute("SELECT FROM pages FOR UPDATE")
    assert (await tapping).status_code == 200
    assert (await story.incident()).state is State.ACKNOWLEDGED
    assert (await story.told()).count("IncidentAcknowledged") == 1
