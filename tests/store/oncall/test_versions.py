"""Versions that take effect later, that are withdrawn before they do, and edits that are taken back."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock
from tests.store.oncall.conftest import ActingAs
from tests.store.oncall.test_schedules import NAME, on_call, weekly

from muster.base.db.database import Database
from muster.kit.errors import Conflict, Denied, Invalid
from muster.oncall import store
from muster.oncall.actions import schedules
from muster.oncall.actions.subscriptions import object_to_leaving
from muster.oncall.schedules.draft import read_schedule
from muster.people.actions.persons import deactivate_person
from muster.people.happenings import PersonDeactivating

DAY = timedelta(days=1)


async def test_an_edit_takes_effect_when_it_says(acting_as: ActingAs, clock: MovableClock) -> None:
    now = clock.now()
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        changed = await schedules.update_schedule(unit, NAME, weekly("bo"), now + DAY)
        assert (changed.number, changed.since) == (2, now + DAY)
        current = await store.schedule_at(unit.conn, NAME, now)
        assert current is not None
        assert current.number == 1
        assert [each.number for each in await store.versions_ahead(unit.conn, current.id, now)] == [2]
    assert await on_call(acting_as, now + DAY - timedelta(seconds=1)) == ("ana",)
    assert await on_call(acting_as, now + DAY) == ("bo",)


async def test_a_new_schedule_may_begin_later(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"), clock.now() + DAY)
    assert await on_call(acting_as, clock.now()) == ("no schedule",)
    assert await on_call(acting_as, clock.now() + DAY) == ("ana",)
    async with acting_as("vi") as unit:
        rosters = await store.rosters(unit.conn, [NAME], clock.now(), clock.now() + timedelta(hours=1))
        assert rosters[NAME].versions == (), "a schedule to come has an entry, and nothing in it yet"


async def test_the_newest_version_to_come_can_be_withdrawn_and_never_holds(
    acting_as: ActingAs, clock: MovableClock
) -> None:
    now = clock.now()
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await schedules.update_schedule(unit, NAME, weekly("bo"), now + DAY)
        await schedules.update_schedule(unit, NAME, weekly("vi"), now + 2 * DAY)
    with pytest.raises(Conflict, match="Withdraw version 3 first"):
        async with acting_as("bo") as unit:
            await schedules.withdraw_version(unit, NAME, 2)
    async with acting_as("bo") as unit:
        kept = await schedules.withdraw_version(unit, NAME, 3, "a mistake")
        assert kept.number == 2
    assert await on_call(acting_as, now + 2 * DAY) == ("bo",)
    async with acting_as("bo") as unit:
        assert (await schedules.withdraw_version(unit, NAME, 2)).number == 1
        again = await schedules.update_schedule(unit, NAME, weekly("vi"))
        assert again.number == 4, "numbers are never used twice"
        await unit.write_gathered()
        rows = await unit.conn.fetch(
            "SELECT reason FROM ledger WHERE kind = 'ScheduleVersionWithdrawn' ORDER BY position"
        )
        assert [row["reason"] for row in rows] == ["a mistake", ""]
    assert await on_call(acting_as, now + DAY) == ("vi",)
    with pytest.raises(Conflict, match="no version that has yet to take effect"):
        async with acting_as("bo") as unit:
            await schedules.withdraw_version(unit, NAME, 4)


async def test_the_only_version_is_deleted_not_withdrawn(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"), clock.now() + DAY)
    with pytest.raises(Conflict, match="Delete the schedule instead"):
        async with acting_as("bo") as unit:
            await schedules.withdraw_version(unit, NAME, 1)
    async with acting_as("bo") as unit:
        await schedules.delete_schedule(unit, NAME)
    assert await on_call(acting_as, clock.now() + DAY) == ("no schedule",)


async def test_an_edit_before_one_that_is_to_come_is_refused_with_the_way_out(
    acting_as: ActingAs, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await schedules.update_schedule(unit, NAME, weekly("bo"), clock.now() + 2 * DAY)
    with pytest.raises(Conflict, match="Withdraw version 2 first"):
        async with acting_as("bo") as unit:
            await schedules.update_schedule(unit, NAME, weekly("vi"), clock.now() + DAY)


@pytest.mark.parametrize(("ahead", "said"), [(-DAY, "never rewritten"), (400 * DAY, "within 366 days")])
async def test_a_version_takes_effect_in_the_coming_year(
    acting_as: ActingAs, clock: MovableClock, ahead: timedelta, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        async with acting_as("bo") as unit:
            await schedules.create_schedule(unit, weekly("ana"), clock.now() + ahead)
    assert said in refused.value.faults[0].rule


async def test_undo_puts_the_version_before_in_force_from_now_and_leaves_the_past(
    acting_as: ActingAs, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        with pytest.raises(Conflict, match="no version before"):
            await schedules.undo_schedule(unit, NAME)
    clock.move(DAY)
    async with acting_as("bo") as unit:
        await schedules.update_schedule(unit, NAME, weekly("bo"))
    edited = clock.now()
    clock.move(DAY)
    async with acting_as("bo") as unit:
        undone = await schedules.undo_schedule(unit, NAME)
        assert (undone.number, undone.schedule) == (3, weekly("ana"))
    assert await on_call(acting_as, edited) == ("bo",)
    assert await on_call(acting_as, clock.now()) == ("ana",)
    async with acting_as("bo") as unit:
        assert (await schedules.undo_schedule(unit, NAME)).schedule == weekly("bo"), "an undo can be undone"


async def test_what_is_to_come_is_withdrawn_and_not_undone(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await schedules.update_schedule(unit, NAME, weekly("bo"), clock.now() + DAY)
        with pytest.raises(Conflict, match="Withdraw version 2 instead"):
            await schedules.undo_schedule(unit, NAME)


async def test_only_managers_withdraw_and_undo(acting_as: ActingAs) -> None:
    for verb in (
        lambda unit: schedules.undo_schedule(unit, NAME),
        lambda unit: schedules.withdraw_version(unit, NAME, 1),
    ):
        with pytest.raises(Denied):
            async with acting_as("ana") as unit:
                await verb(unit)


async def test_the_database_itself_refuses_to_withdraw_what_was_in_force(
    acting_as: ActingAs, database: Database, clock: MovableClock
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana"))
        await schedules.update_schedule(unit, NAME, weekly("bo"), clock.now() + DAY)
    for statement in (
        "UPDATE schedule_versions SET withdrawn_at = valid_from, withdrawn_by = 'x'",
        "UPDATE schedule_versions SET withdrawn_at = '2000-01-01', withdrawn_by = 'x', definition = NULL",
        "UPDATE schedule_versions SET valid_from = '2000-01-01'",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with database.read() as conn:
                await conn.execute(statement)


async def test_who_stands_in_a_version_to_come_cannot_leave_unnoticed_but_whose_stay_is_over_can(
    acting_as: ActingAs, database: Any, clock: MovableClock
) -> None:
    database.bus.subscribe(PersonDeactivating, object_to_leaving)
    layer = {
        "name": "weekly", "people": [{"person": "vi", "until": "2026-03-04"}, "bo"], "rotate": "weekly",
        "hand_off": "Mon 09:00", "start": "2026-01-05",
    }  # fmt: skip
    async with acting_as("bo") as unit:
        leaving = read_schedule({"name": NAME, "time_zone": "Europe/Stockholm", "layers": [layer]})
        await schedules.create_schedule(unit, leaving)
        await schedules.update_schedule(unit, NAME, weekly("ana", "bo"), clock.now() + 5 * DAY)
    for name in ("vi", "ana"):
        with pytest.raises(Conflict, match=f"take turns in {NAME}"):
            async with acting_as("muster") as unit:
                await deactivate_person(unit, name)
    clock.move(3 * DAY)
    async with acting_as("muster") as unit:
        await deactivate_person(unit, "vi")
