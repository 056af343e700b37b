"""Notices of shifts: each moment told once, whatever restarts in between, and changes told to whom they concern."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.oncall.conftest import ActingAs
from tests.store.oncall.test_schedules import HOUR, NAME, weekly

from muster.base.db.database import Database
from muster.base.http import Http
from muster.base.work import Runner
from muster.oncall.actions import overrides, schedules
from muster.oncall.happenings import ShiftNotice
from muster.oncall.jobs import begin, handlers
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.shifts.notices import NoticeChoices
from muster.oncall.store import choice_rows
from muster.people.store import person_named

DAY = timedelta(days=1)
HAND_OFF = datetime.fromisoformat("2026-03-09T08:00:00+00:00")


@pytest.fixture
async def told(database: Database) -> list[tuple[str, str]]:
    """Whom Muster told what, in order."""
    heard: list[tuple[str, str]] = []

    async def hear(unit: Any, notice: ShiftNotice) -> None:
        heard.append((notice.person, notice.title))

    database.bus.subscribe(ShiftNotice, hear)
    return heard


async def let_pass(database: Database, clock: MovableClock, until: datetime, nodes: int = 2) -> None:
    """Time goes by in steps of an hour; each is worked on by a process that has just been started."""
    while clock.now() < until:
        clock.move(min(HOUR, until - clock.now()))
        for number in range(nodes):
            await Runner(database, f"node-{number}", handlers(Http())).drain()


async def test_each_moment_of_a_shift_is_told_once_across_restarts_and_nodes(
    acting_as: ActingAs, database: Database, clock: MovableClock, told: list[tuple[str, str]]
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana", "bo"))
    told.clear()
    async with acting_as("muster") as unit:
        await begin(unit)
        await begin(unit)
    clock.move(HAND_OFF - 2 * DAY - clock.now())
    await let_pass(database, clock, HAND_OFF + 3 * HOUR)
    assert told == [
        ("bo", f"On call from Mon 2026-03-09 08:00: {NAME}"),
        ("ana", f"Your shift on {NAME} has ended"),
        ("bo", f"You are on call: {NAME}"),
    ]


async def test_what_could_not_be_told_in_time_is_left_out(
    acting_as: ActingAs, database: Database, clock: MovableClock, told: list[tuple[str, str]]
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana", "bo"))
        await begin(unit)
    told.clear()
    clock.move(HAND_OFF + 5 * HOUR - clock.now())
    await Runner(database, "node", handlers(Http())).drain()
    assert told == []


async def test_people_choose_what_they_hear(
    acting_as: ActingAs, database: Database, clock: MovableClock, told: list[tuple[str, str]]
) -> None:
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana", "bo"))
        for name, chosen in (
            ("ana", NoticeChoices(None, at_start=False, at_end=False, changes=False)),
            ("bo", NoticeChoices(timedelta(hours=2), at_start=False, at_end=False)),
        ):
            person = await person_named(unit.conn, name)
            assert person
            await choice_rows.choose(unit.conn, person.id, chosen)
        await begin(unit)
    told.clear()
    clock.move(HAND_OFF - 30 * HOUR - clock.now())
    await let_pass(database, clock, HAND_OFF - 3 * HOUR, nodes=1)
    assert told == []
    await let_pass(database, clock, HAND_OFF + 3 * HOUR, nodes=1)
    assert [person for person, _ in told] == ["bo"]
    async with acting_as("bo") as unit:
        await overrides.add_override(unit, NAME, OverrideDraft("ana", clock.now() + HOUR, clock.now() + 2 * HOUR))
    assert len(told) == 1


async def test_whose_shifts_another_changes_is_told_which(
    acting_as: ActingAs, database: Database, clock: MovableClock
) -> None:
    bodies: list[tuple[str, str]] = []

    async def hear(unit: Any, notice: ShiftNotice) -> None:
        bodies.append((notice.person, notice.body))

    database.bus.subscribe(ShiftNotice, hear)
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana", "bo"))
    bodies.clear()
    async with acting_as("bo") as unit:
        made = await overrides.add_override(unit, NAME, OverrideDraft("bo", HAND_OFF - DAY, HAND_OFF, "a concert"))
    assert bodies == [
        (
            "ana",
            f"bo changed who is on call by {NAME}: a concert\n\n"
            "You are no longer on call from Sun 2026-03-08 08:00 to Mon 2026-03-09 08:00 (UTC).",
        )
    ]
    async with acting_as("bo") as unit:
        await overrides.remove_override(unit, NAME, made.id)
    assert "You are now on call from Sun 2026-03-08 08:00" in bodies[1][1]
    async with acting_as("bo") as unit:
        await schedules.update_schedule(unit, NAME, weekly("bo"))
    assert [person for person, _ in bodies[2:]] == ["ana"]
    async with acting_as("muster") as unit:
        await schedules.update_schedule(unit, NAME, weekly("bo", name=NAME))
    assert len(bodies) == 3
