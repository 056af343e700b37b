"""A shift that no layer can say, as an iCalendar of its own: one event for each group, on the clocks of the shift's zone.

Muster reads it as any other calendar of shifts, so it can be seen, changed and replaced.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar

from muster.importing.export import ExportedShift, Recurrence
from muster.kit.localtime import to_instant
from muster.oncall.calendars.calendar import Calendar, CalendarKind
from muster.oncall.calendars.content import read_calendar
from muster.oncall.calendars.ical.names import PersonNames

_STAMP = datetime(1970, 1, 1, tzinfo=UTC)


def text_of(shift: ExportedShift, people: Mapping[str, str], addresses: Mapping[str, str]) -> str:
    """The iCalendar of a shift; `people` are the persons of its users, `addresses` theirs. Empty where it knows none of them."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Muster//Import//EN")
    written = 0
    for place, event in enumerate(shift.events, 1):
        known = dict.fromkeys(people[user] for user in event.users if user in people and people[user] in addresses)
        if known:
            calendar.add_component(_event(shift, event, place, [addresses[person] for person in known]))
            written += 1
    return str(calendar.to_ical().decode()).replace("\r\n", "\n") if written else ""


def _event(shift: ExportedShift, event: Recurrence, place: int, addresses: list[str]) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", f"{shift.id}-{place}")
    made.add("dtstamp", _STAMP)
    for name, moment in (("dtstart", event.start), ("dtend", event.start + event.length)):
        made.add(name, moment, parameters={"TZID": shift.zone})
    if event.rule:
        ending = f";UNTIL={event.until:%Y%m%dT%H%M%SZ}" if event.until else ""
        made.add("rrule", icalendar.vRecur.from_ical(f"{event.rule}{ending}"))
    made.add("summary", shift.name)
    for address in addresses:
        made.add("attendee", icalendar.vCalAddress(f"mailto:{address}"))
    return made


def read_back(name: str, text: str, addresses: Mapping[str, str], now: datetime) -> Calendar:
    """What Muster reads in it around `now`."""
    persons = [PersonNames(person, "", address) for person, address in addresses.items()]
    return read_calendar(name, CalendarKind.SHIFTS, text, persons, now).calendar


def is_over(shift: ExportedShift, now: datetime) -> bool:
    """Whether nothing of a shift is ahead."""
    return all(_last(shift, event) <= now for event in shift.events)


def _last(shift: ExportedShift, event: Recurrence) -> datetime:
    if not event.rule:
        return to_instant(event.start + event.length, shift.zone)
    return event.until + event.length if event.until else datetime.max.replace(tzinfo=UTC)


def ahead(shift: ExportedShift, now: datetime) -> list[tuple[datetime, datetime]]:
    """The times in which a form of a shift has to say the same as its events: the next year, and where it begins and ends."""
    begins = [to_instant(event.start, shift.zone) for event in shift.events]
    spans = [(now, now + timedelta(days=399))]
    if (first := min(begins)) > now:
        spans.append((first - timedelta(days=1), first + timedelta(days=399)))
    for until in {event.until for event in shift.events if event.until and event.until > now}:
        spans.append((max(now, until - timedelta(days=200)), until + timedelta(days=199)))
    return spans


def known_only(shift: ExportedShift, people: Mapping[str, str]) -> ExportedShift:
    """The shift with the users whom Muster has."""
    events = [replace(event, users=tuple(user for user in event.users if user in people)) for event in shift.events]
    return replace(shift, events=events)
