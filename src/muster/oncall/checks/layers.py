"""What is wrong with single layers: people who never get a turn, calendars that are missing, old, short or not understood."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from muster.kit.localtime import to_instant
from muster.oncall.calendars.calendar import Calendar
from muster.oncall.checks.finding import Finding, FindingKind
from muster.oncall.coverage.imported_shifts import times_of
from muster.oncall.coverage.roster import Version
from muster.oncall.schedules.notation import write_local
from muster.oncall.schedules.schedule import Layer, Schedule

_MOST_SHIFTS = 5


def layer_findings(version: Version, start: datetime, end: datetime) -> Iterator[Finding]:
    """Look at each layer of a version and the calendars that it names, for `[start, end)`."""
    if version.schedule is None:
        return
    for layer in version.schedule.layers:
        yield from _idle(layer)
    for name in version.schedule.calendars:
        yield from _calendar(version.schedule, name, version.calendars, start, end)


def _idle(layer: Layer) -> Iterator[Finding]:
    """People who join after a layer has ended, or have left before it starts."""
    for stay in layer.stays:
        if stay.first and layer.end and datetime.combine(stay.first, time()) >= layer.end:
            sentence = f"{stay.person} joins layer {layer.name} on {stay.first}, when it has ended."
            yield Finding(FindingKind.IDLE_PERSON, sentence, to_instant(layer.end, layer.zone), None)
        if stay.last and datetime.combine(stay.last + timedelta(days=1), time()) <= layer.start:
            sentence = f"{stay.person} leaves layer {layer.name} after {stay.last}, before it starts."
            yield Finding(FindingKind.IDLE_PERSON, sentence, None, None)


def _calendar(
    schedule: Schedule, name: str, calendars: Mapping[str, Calendar], start: datetime, end: datetime
) -> Iterator[Finding]:
    calendar = calendars.get(name)
    if calendar is None:
        sentence = f"The calendar {name} says nothing: it does not exist, or was never read."
        yield Finding(FindingKind.MISSING_CALENDAR, sentence, None, None)
        return
    if calendar.trouble:
        yield Finding(FindingKind.STALE_CALENDAR, calendar.trouble, None, None)
    if calendar.known_until and calendar.known_until < end.date():
        known = to_instant(datetime.combine(calendar.known_until, time()), schedule.zone)
        sentence = f"The calendar {name} is known until {calendar.known_until} only."
        yield Finding(FindingKind.SHORT_CALENDAR, sentence, known, end)
    strange = [
        (begins, ends, entry)
        for layer in schedule.layers
        if layer.calendar == name
        for entry in calendar.shifts
        if not entry.people
        for begins, ends in [times_of(entry, layer.zone)]
        if begins < end and ends > start
    ]
    for begins, ends, entry in strange[:_MOST_SHIFTS]:
        when = f"from {write_local(begins, schedule.zone)} to {write_local(ends, schedule.zone)} ({schedule.zone})"
        sentence = f"The shift “{entry.title}” of {name} names nobody whom Muster knows, {when}."
        yield Finding(FindingKind.UNMATCHED_SHIFT, sentence, begins, ends)
    if len(strange) > _MOST_SHIFTS:
        left = strange[_MOST_SHIFTS:]
        sentence = f"{len(left)} more shifts of {name} name nobody whom Muster knows."
        yield Finding(FindingKind.UNMATCHED_SHIFT, sentence, left[0][0], left[-1][1])
