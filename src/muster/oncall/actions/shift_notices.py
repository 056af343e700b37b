"""Telling people about their shifts: that they begin and end, what a change did to them, what a request asks (R72)."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.actions.findings import roster_of
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import at
from muster.oncall.happenings import ShiftNotice
from muster.oncall.shifts.notices import (
    LATE,
    DueNotice,
    Moment,
    NoticeText,
    change_text,
    is_due,
    moment_text,
    notices_of,
)
from muster.oncall.shifts.shift import APART, shift_changes, shifts_by, stints_of
from muster.oncall.store import choice_rows, note_rows
from muster.people import store as people
from muster.people.person import Person

EVERY = timedelta(minutes=2)
"""How often schedules are looked at for moments that a change has brought near."""
AHEAD = timedelta(days=15)
"""How far stints are looked at: a little more than the earliest notice that can be chosen."""
BACK = APART + LATE + timedelta(hours=1)
"""Far enough to see whether a stint that seems to begin only goes on."""
KEPT = timedelta(days=60)
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


async def remind(unit: Unit) -> datetime:
    """Send the notices that are due, and say when the next is."""
    start, end = unit.now - BACK, unit.now + AHEAD
    names = sorted(await store.names_of_all(unit.conn))
    rosters = await store.rosters(unit.conn, names, start, end)
    stints = [stint for stint in stints_of(shifts_by(rosters, start, end)) if stint.end > unit.now - LATE]
    persons = await people.persons_named(unit.conn, {stint.shifts[0].person for stint in stints})
    chosen = await choice_rows.choices_of(unit.conn, persons)
    following = unit.now + AHEAD
    for stint in stints:
        person = persons.get(stint.shifts[0].person)
        if person is None or not person.active:
            continue
        for due in notices_of(stint, chosen.get(person.name, choice_rows.USUAL)):
            if due.at > unit.now:
                following = min(following, due.at)
            elif is_due(due, unit.now):
                await _send(unit, due, person, rosters[stint.shifts[0].schedule])
    await choice_rows.forget(unit.conn, unit.now - KEPT)
    return following


async def _send(unit: Unit, due: DueNotice, person: Person, roster: Roster) -> None:
    shift = due.stint.shifts[0]
    if not await choice_rows.claim(unit.conn, person.name, shift.schedule, due.moment, due.edge, unit.now):
        return
    standing = [] if due.moment is Moment.END else await note_rows.standing(unit.conn, [shift.schedule], unit.now)
    notes = [(note.author, note.text) for note in standing]
    words = moment_text(due, person.time_zone, at(roster, due.stint.end).people, notes)
    await unit.emit(ShiftNotice(person.name, words.title, words.body))
