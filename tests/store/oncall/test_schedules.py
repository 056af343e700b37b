"""Schedules and overrides in the database: versions, permissions, events, and a past that is never rewritten."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock
from tests.store.oncall.conftest import ActingAs

from muster.kit.errors import Conflict, Denied, Invalid, Missing
from muster.oncall import store
from muster.oncall.actions import overrides, schedules
from muster.oncall.actions.apply import apply_schedules
from muster.oncall.actions.subscriptions import name_schedules, object_to_leaving
from muster.oncall.coverage.roster import Cause
from muster.oncall.coverage.spans import spans
from muster.oncall.events import EVENTS
from muster.oncall.happenings import ScheduleDeleting
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.schedules.schedule import Schedule
from muster.people.actions.persons import deactivate_person
from muster.people.happenings import PersonDeactivating
from muster.plan.happenings import NamesWanted

NAME = "platform-primary"
HOUR = timedelta(hours=1)


def weekly(*people: str, name: str = NAME) -> Schedule:
    layer: dict[str, Any] = {
        "name": "weekly", "people": list(people), "rotate": "weekly", "hand_off": "Mon 09:00", "start": "2026-01-05",
    }  # fmt: skip
    return read_schedule({"name": name, "time_zone": "Europe/Stockholm", "layers": [layer]})


async def on_call(acting_as: ActingAs, instant: datetime, name: str = NAME) -> tuple[str, ...]:
    async with acting_as("vi") as unit:
        covered = await store.coverage_at(unit.conn, [name], instant)
        return covered[name].people if name in covered else ("no schedule",)


async def test_a_manager_creates_a_schedule_and_it_says_who_is_on_call(
    acting_as: ActingAs, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        made = await schedules.create_schedule(unit, weekly("ana", "bo"))
        assert (made.number, made.made_by, made.schedule) == (1, "bo", weekly("ana", "bo"))
    assert await on_call(acting_as, clock.now()) == ("ana",)
    assert await on_call(acting_as, clock.now() + timedelta(days=7)) == ("bo",)
    assert await on_call(acting_as, clock.now() - HOUR) == ("no schedule",)


async def test_an_edit_holds_from_now_and_the_past_keeps_its_version(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
    began = clock.now()
    clock.move(HOUR)
    async with acting_as("bo") as unit:
        changed = await schedules.update_schedule(unit, NAME, weekly("bo"))
        assert changed.number == 2
        unchanged = await schedules.update_schedule(unit, NAME, weekly("bo"))
        assert unchanged.number == 2
    assert await on_call(acting_as, began) == ("ana",)
    assert await on_call(acting_as, clock.now()) == ("bo",)
    async with acting_as("vi") as unit:
        roster = (await store.rosters(unit.conn, [NAME], began - HOUR, clock.now() + HOUR))[NAME]
        found = spans(roster, began - HOUR, clock.now() + HOUR)
        assert [(span.people, span.coverage.reason.cause) for span in found] == [
            ((), Cause.NO_SCHEDULE),
            (("ana",), Cause.LAYER),
            (("bo",), Cause.LAYER),
        ]
        assert [each.number for each in await store.versions_of(unit.conn, changed.id)] == [2, 1]


async def test_only_those_permitted_change_schedules_and_overrides(acting_as: ActingAs, clock: MovableClock) -> None:
    with pytest.raises(Denied):
        async with acting_as("ana") as unit:
            await schedules.create_schedule(unit, weekly("ana"))
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
    with pytest.raises(Denied):
        async with acting_as("vi") as unit:
            await overrides.add_override(unit, NAME, OverrideDraft("bo", clock.now(), clock.now() + HOUR))
    async with acting_as("ana") as unit:
        await overrides.add_override(unit, NAME, OverrideDraft("bo", clock.now(), clock.now() + HOUR))
    for verb in (schedules.delete_schedule(unit, NAME), schedules.update_schedule(unit, NAME, weekly("bo"))):
        with pytest.raises(Denied):
            await verb


async def test_unknown_people_and_those_who_left_are_refused_in_their_place(acting_as: ActingAs) -> None:
    async with acting_as("muster") as unit:
        await deactivate_person(unit, "vi")
    with pytest.raises(Invalid) as refused:
        async with acting_as("bo") as unit:
            await schedules.create_schedule(unit, weekly("ana", "boo", "vi"))
    assert [(fault.field, fault.rule, fault.fix) for fault in refused.value.faults] == [
        ("layers.0.people.1", "There is no person `boo`.", "Did you mean `bo`?"),
        ("layers.0.people.2", "`vi` has left.", "Put somebody else in their place."),
    ]


async def test_a_schedule_in_use_is_not_deleted_and_says_by_what(acting_as: ActingAs, database: Any) -> None:
    async def object_to(unit: Any, deleting: ScheduleDeleting) -> None:
        deleting.objections.append(f"The plan pages {deleting.schedule.name}.")

    database.bus.subscribe(ScheduleDeleting, object_to)
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
    with pytest.raises(Conflict, match=r"The plan pages platform-primary\."):
        async with acting_as("bo") as unit:
            await schedules.delete_schedule(unit, NAME)


async def test_a_deleted_schedule_answers_for_its_past_and_its_name_can_be_used_again(
    acting_as: ActingAs, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        first = await schedules.create_schedule(unit, weekly("ana"))
    began = clock.now()
    clock.move(HOUR)
    async with acting_as("bo") as unit:
        await schedules.delete_schedule(unit, NAME)
    assert await on_call(acting_as, began) == ("ana",)
    assert await on_call(acting_as, clock.now()) == ("no schedule",)
    clock.move(HOUR)
    async with acting_as("bo") as unit:
        with pytest.raises(Missing):
            await schedules.delete_schedule(unit, NAME)
        again = await schedules.create_schedule(unit, weekly("bo"))
        assert (again.id, again.number) == (first.id, 3)
    assert await on_call(acting_as, began) == ("ana",)
    assert await on_call(acting_as, clock.now()) == ("bo",)


async def test_two_who_create_one_name_at_once_make_one_schedule(acting_as: ActingAs) -> None:
    async def create(person: str) -> None:
        async with acting_as("bo") as unit:
            await schedules.create_schedule(unit, weekly(person))

    outcomes = await asyncio.gather(create("ana"), create("bo"), return_exceptions=True)
    assert sorted(type(each) for each in outcomes if each) == [Conflict]


async def test_overrides_hold_from_now_until_removed_and_leave_the_past_alone(
    acting_as: ActingAs, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
    began = clock.now()
    clock.move(HOUR)
    async with acting_as("ana") as unit:
        made = await overrides.add_override(unit, NAME, OverrideDraft("bo", began, began + 10 * HOUR, "swimming"))
        assert made.start == clock.now(), "a start that has passed becomes now"
    assert await on_call(acting_as, began) == ("ana",)
    assert await on_call(acting_as, clock.now()) == ("bo",)
    clock.move(HOUR)
    async with acting_as("ana") as unit:
        removed = await overrides.remove_override(unit, NAME, made.id)
        assert (removed.removed_by, removed.effective_end) == ("ana", clock.now())
    assert await on_call(acting_as, clock.now() - timedelta(seconds=1)) == ("bo",)
    assert await on_call(acting_as, clock.now()) == ("ana",)
    with pytest.raises(Conflict):
        async with acting_as("ana") as unit:
            await overrides.remove_override(unit, NAME, made.id)


async def test_of_overrides_that_were_made_at_once_the_last_one_holds(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        later = clock.now() + HOUR
        for day in range(16):
            start = later + timedelta(days=day)
            await overrides.add_override(unit, NAME, OverrideDraft("bo", start, start + 8 * HOUR))
            await overrides.add_override(unit, NAME, OverrideDraft("vi", start + HOUR, start + 2 * HOUR))
    assert [await on_call(acting_as, later + timedelta(days=day)) for day in range(16)] == [("bo",)] * 16
    assert [await on_call(acting_as, later + timedelta(days=day) + HOUR) for day in range(16)] == [("vi",)] * 16


async def test_an_override_removed_before_it_begins_never_holds(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        later = clock.now() + HOUR
        made = await overrides.add_override(unit, NAME, OverrideDraft(None, later, later + HOUR, "closed"))
        await overrides.remove_override(unit, NAME, made.id)
        assert await store.overrides_of(unit.conn, [NAME], clock.now(), later + HOUR) == []
    assert await on_call(acting_as, later) == ("ana",)


async def test_all_faults_of_an_override_are_told_at_once(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
    with pytest.raises(Invalid) as refused:
        async with acting_as("bo") as unit:
            await overrides.add_override(
                unit, NAME, OverrideDraft("bob", clock.now() + HOUR, clock.now() + HOUR, "x" * 501)
            )
    assert [fault.field for fault in refused.value.faults] == ["end", "note", "person"]
    with pytest.raises(Missing):
        async with acting_as("bo") as unit:
            await overrides.add_override(unit, "unheard-of", OverrideDraft("bo", clock.now(), clock.now() + HOUR))


async def test_applying_twice_changes_nothing(acting_as: ActingAs) -> None:
    async with acting_as("muster") as unit:
        (created,) = await apply_schedules(unit, [weekly("ana")])
        (unchanged,) = await apply_schedules(unit, [weekly("ana")])
        (changed,) = await apply_schedules(unit, [weekly("ana", "bo")])
    assert [each.outcome for each in (created, unchanged, changed)] == ["created", "unchanged", "changed"]
    assert changed.changes == ["layers.weekly.people: [ana] → [ana, bo]"]


async def test_who_takes_turns_cannot_leave_unnoticed(acting_as: ActingAs, database: Any, clock: MovableClock) -> None:
    database.bus.subscribe(PersonDeactivating, object_to_leaving)
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await overrides.add_override(unit, NAME, OverrideDraft("bo", clock.now() + HOUR, clock.now() + 2 * HOUR))
    for name, reason in (("ana", "take turns in platform-primary"), ("bo", "override puts them on call")):
        with pytest.raises(Conflict, match=reason):
            async with acting_as("muster") as unit:
                await deactivate_person(unit, name)


async def test_the_database_itself_refuses_to_rewrite_who_was_on_call(
    acting_as: ActingAs, database: Any, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await overrides.add_override(unit, NAME, OverrideDraft("bo", clock.now(), clock.now() + HOUR))
    for statement in (
        "UPDATE schedule_versions SET definition = NULL",
        "DELETE FROM schedule_versions",
        "DELETE FROM overrides",
        "UPDATE overrides SET end_at = end_at + interval '1 day'",
        "UPDATE overrides SET removed_at = start_at - interval '1 day', removed_by = 'x'",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with database.read() as conn:
                await conn.execute(statement)


async def test_every_change_is_recorded_with_a_documented_event(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await schedules.update_schedule(unit, NAME, weekly("bo"))
        made = await overrides.add_override(
            unit, NAME, OverrideDraft("ana", clock.now(), clock.now() + HOUR, "swimming")
        )
        await overrides.remove_override(unit, NAME, made.id)
        await schedules.delete_schedule(unit, NAME, "merged into the other")
        await unit.write_gathered()
        rows = await unit.conn.fetch("SELECT kind, reason FROM ledger WHERE stream LIKE 'schedule:%' ORDER BY position")
    assert [row["kind"] for row in rows] == [
        *map(str, EVENTS[:2]),
        "OverrideAdded",
        "OverrideRemoved",
        "ScheduleDeleted",
    ]
    assert [row["reason"] for row in rows][2:] == ["swimming", "", "merged into the other"]


async def test_a_plan_that_is_checked_learns_which_schedules_there_are(acting_as: ActingAs) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await schedules.create_schedule(unit, weekly("ana", name="other"))
        await schedules.delete_schedule(unit, "other")
        wanted = NamesWanted()
        await name_schedules(unit, wanted)
    assert wanted.schedules == [{NAME}]
