"""Being on call as people live it: told once through restarts, swapped in time for the page, and counted honestly."""

from datetime import datetime, timedelta

from tests.scenario.story import Story

from muster.oncall import store
from muster.oncall.actions import swaps
from muster.oncall.actions.balance import Scope, balance
from muster.oncall.shifts.requests import RequestDraft

PERIODIC = ("oncall.notices",)
PLAN = """
kind: Plan
name: main
severities: {critical: {acknowledge_within: 5m}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["schedule:primary"], wait: 5m}]}
"""
DAILY = """
kind: Schedule
name: primary
time_zone: UTC
layers: [{name: daily, people: [ana, bo], rotate: daily, hand_off: "10:00", start: 2026-03-01}]
"""


async def _begins(story: Story) -> None:
    await story.apply(story.person("ana"), story.person("bo"), DAILY, PLAN)
    await story.settle()


def _told(story: Story, since: int) -> list[tuple[str, str]]:
    return [(each.phone, each.body.split("\n")[1]) for each in story.notices[since:]]


async def test_a_shift_s_beginning_and_end_are_told_once_though_the_process_dies_in_between(story: Story) -> None:
    await _begins(story)
    await story.wait(periodic=PERIODIC, minutes=5)
    before = len(story.notices)
    await story.wait(periodic=PERIODIC, minutes=30)
    await story.restart()
    await story.wait(periodic=PERIODIC, minutes=31)
    await story.restart()
    await story.wait(periodic=PERIODIC, minutes=30)
    told = _told(story, before)
    assert sum("You are on call by primary until" in said for _, said in told) == 1
    assert sum("You are no longer on call by primary" in said for _, said in told) == 1
    assert {phone for phone, said in told if "no longer" in said} != {phone for phone, said in told if "until" in said}
    assert story.texts == []


async def test_a_cover_that_was_agreed_decides_who_is_paged(story: Story) -> None:
    await _begins(story)
    hand_off = story.clock.now().replace(hour=10, minute=0)
    first, second = ("ana", "bo") if await _on_call(story, hand_off) == ("ana",) else ("bo", "ana")
    async with story.unit(first) as unit:
        asked = await swaps.ask_swap(
            unit, "primary", RequestDraft((hand_off, hand_off + timedelta(hours=8)), None, second)
        )
    assert any(each.phone == second and "asks whether you can be on call" in each.body for each in story.notices)
    async with story.unit(second) as unit:
        await swaps.accept(unit, asked.id)
    await story.jump(hand_off + timedelta(hours=1))
    await story.fires("DiskFull")
    assert [each.phone for each in story.texts] == [second]


async def test_a_request_that_nobody_answers_changes_nobody_s_page(story: Story) -> None:
    await _begins(story)
    hand_off = story.clock.now().replace(hour=10, minute=0)
    (first,) = await _on_call(story, hand_off)
    async with story.unit(first) as unit:
        await swaps.ask_swap(unit, "primary", RequestDraft((hand_off, hand_off + timedelta(hours=8)), None, None))
    await story.restart()
    await story.wait(hours=2)
    assert any(each.phone == first and "the shift is still yours" in each.body for each in story.notices)
    await story.fires("DiskFull")
    assert [each.phone for each in story.texts] == [first]


async def test_pages_at_night_count_as_interruptions_and_as_disturbed_sleep(story: Story) -> None:
    await _begins(story)
    await story.jump(story.clock.now().replace(hour=23, minute=30))
    await story.fires("DiskFull")
    await story.wait(minutes=1)
    woken = {each.phone for each in story.texts}
    async with story.unit() as unit:
        found = await balance(unit, Scope("primary"), unit.now - timedelta(days=1), unit.now + timedelta(minutes=1))
    assert woken == {load.person for load in found.loads if load.interruptions}
    assert [(load.interruptions, load.sleep) for load in found.loads if load.person in woken] == [
        (1, timedelta(hours=1))
    ]


async def _on_call(story: Story, at: datetime) -> tuple[str, ...]:
    async with story.unit() as unit:
        return (await store.coverage_at(unit.conn, ["primary"], at))["primary"].people
