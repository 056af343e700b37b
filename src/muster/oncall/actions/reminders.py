"""Tells people that their shifts begin and end, each moment once, whatever was restarted in between (R72)."""

from datetime import datetime, timedelta

from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import at
from muster.oncall.happenings import ShiftNotice
from muster.oncall.shifts.notices import LATE, DueNotice, Moment, is_due, moment_text, notices_of
from muster.oncall.shifts.shift import APART, shifts_by, stints_of
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
