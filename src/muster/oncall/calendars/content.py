"""From the text of a calendar to what coverage needs of it, for a bounded time around now (R72)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from muster.oncall.calendars.calendar import Calendar, CalendarKind, CalendarShift
from muster.oncall.calendars.ical.file import read_events
from muster.oncall.calendars.ical.names import Directory, PersonNames
from muster.oncall.calendars.ical.occurrences import Occurrence, occurrences

_REACH = {
    CalendarKind.HOLIDAYS: (timedelta(days=5 * 366), timedelta(days=5 * 366)),
    CalendarKind.SHIFTS: (timedelta(days=31), timedelta(days=400)),
}
_DAY = timedelta(days=1)
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """What a calendar says, and sentences about what was left out of it."""

    calendar: Calendar
    notes: tuple[str, ...]


def read_calendar(
    name: str, kind: CalendarKind, text: str, persons: Iterable[PersonNames], now: datetime, *, organizers: bool = False
) -> CalendarReading:
    """Read the text of a calendar: holidays for five years around now, shifts from a month ago for 400 days.

    A holiday is every day that an event touches: on its own clocks where it has hours. A shift lasts as long as its event.
    What names nobody is told; `organizers` lets the organizer of such an event stand for it.

    Raises:
        Invalid: the text is no iCalendar file, or too large.
    """
    read = read_events(text)
    before, after = _REACH[kind]
    occurring, notes = occurrences(read.events, now - before, now + after)
    until = (now + after).date()
    if kind is CalendarKind.HOLIDAYS:
        days: dict[date, str] = {}
        for occurrence in occurring:
            for day in _days(occurrence):
                days.setdefault(day, occurrence.event.title)
        calendar = Calendar(name, kind, dict(sorted(days.items())), known_until=until)
    else:
        directory = Directory(persons, organizers=organizers)
        shifts = [
            CalendarShift(occurrence.start, occurrence.end, directory.people(occurrence.event), occurrence.event.title)
            for occurrence in occurring
        ]
        notes = (*notes, *_doubts(shifts))
        lasting = tuple(shift for shift in shifts if shift.end > shift.start)
        calendar = Calendar(name, kind, shifts=lasting, known_until=until)
    return CalendarReading(calendar, (*read.notes, *notes))


def _doubts(shifts: Sequence[CalendarShift]) -> Iterable[str]:
    """What nobody is on call by, once for each title."""
    for title in dict.fromkeys(shift.title for shift in shifts if shift.end <= shift.start):
        yield f"“{title}” has no end, so nobody is on call by it: give it one."
    for title in dict.fromkeys(shift.title for shift in shifts if shift.end > shift.start and not shift.people):
        yield f"“{title}” names nobody whom Muster knows, so nobody is on call by it."


def renewed(old: Calendar | None, new: Calendar, now: datetime) -> Calendar | None:
    """The content to keep after a refresh: past holidays stay as they were, because turns were counted by them.

    None where nothing that is to come differs and the old content reaches far enough.
    """
    if old is None:
        return new
    today = now.astimezone(UTC).date()
    if new.kind is CalendarKind.HOLIDAYS:
        gone = {day: title for day, title in old.days.items() if day < today}
        coming = {day: title for day, title in new.days.items() if day >= today}
        new = Calendar(new.name, new.kind, {**gone, **coming}, (), new.known_until)
    if _reaches(old, now) and _ahead(old, new, now) == _ahead(new, old, now):
        return None
    return new


def _ahead(calendar: Calendar, other: Calendar, now: datetime) -> tuple[object, ...]:
    """What a calendar says from now on, as far as both know."""
    until = min(until_known for until_known in (calendar.known_until, other.known_until, date.max) if until_known)
    today = now.astimezone(UTC).date()
    days = tuple((day, title) for day, title in calendar.days.items() if today <= day < until)
    shifts = tuple(
        shift for shift in calendar.shifts if today - _DAY <= shift.end.date() and shift.start.date() < until
    )
    return days, shifts


def _reaches(calendar: Calendar, now: datetime) -> bool:
    """Whether more than half of its reach still lies ahead."""
    whole = _REACH[calendar.kind][1]
    return calendar.known_until is not None and calendar.known_until - now.date() > whole * _ENOUGH


def _days(occurrence: Occurrence) -> Iterable[date]:
    """The days that an event touches, on its own clocks."""
    first = occurrence.event.start
    last = first + occurrence.event.length
    day = first.date()
    while day == first.date() or datetime.combine(day, datetime.min.time()) < last:
        yield day
        day += _DAY
