"""Telling people about their shifts: what a change did to them, and what a request asks of them (R72)."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

from muster.base.unit import Unit
from muster.oncall.actions.findings import roster_of
from muster.oncall.happenings import ShiftNotice
from muster.oncall.shifts.notices import NoticeText, change_text
from muster.oncall.shifts.shift import shift_changes
from muster.oncall.store import choice_rows
from muster.people import store as people

SOON = timedelta(days=30)
"""Changes of shifts within this time are told; what lies behind it is seen in the calendar."""


@asynccontextmanager
async def notifying_of_changes(unit: Unit, schedule: str, why: str = "") -> AsyncIterator[None]:
    """Around a change of a schedule: tell everybody but the actor whose shifts of the next 30 days it changed."""
    end = unit.now + SOON
    before = await roster_of(unit.conn, schedule, unit.now, end)
    yield
    after = await roster_of(unit.conn, schedule, unit.now, end)
    changes = [
        change
        for change in shift_changes(schedule, before, after, unit.now, end)
        if change.person != unit.principal.name
    ]
    if not changes:
        return
    chosen = await choice_rows.choices_of(unit.conn, [change.person for change in changes])
    persons = await people.persons_named(unit.conn, [change.person for change in changes])
    for change in changes:
        person = persons.get(change.person)
        if person and person.active and chosen.get(change.person, choice_rows.USUAL).changes:
            words = change_text(change, unit.principal.name, why, person.time_zone)
            await unit.emit(ShiftNotice(change.person, words.title, words.body))


async def notify(unit: Unit, names: Iterable[str], say: Callable[[str], NoticeText]) -> None:
    """Send each of these persons the words for their zone; those who left hear nothing."""
    persons = await people.persons_named(unit.conn, names)
    for name, person in sorted(persons.items()):
        if person.active:
            words = say(person.time_zone)
            await unit.emit(ShiftNotice(name, words.title, words.body))
