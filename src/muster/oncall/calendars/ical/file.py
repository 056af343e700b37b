"""From the text of an iCalendar file to its events; what cannot be understood is left out and told."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import icalendar

from muster.kit.errors import Fault, Invalid
from muster.kit.localtime import is_zone
from muster.oncall.calendars.ical.event import (
    Event,
    Mark,
    Zone,
    day_of,
    last_day_of,
    length_of,
    local_of,
    whole_days,
    zone_of,
)

MOST_BYTES, MOST_EVENTS = 5_000_000, 20_000
LONGEST = timedelta(days=400)
_TEXT = 300
_FOR_EVER = 9000
_FOLD = re.compile(rb"\r?\n[ \t]")
_UNKNOWN_ZONE = "its zone {} is unknown, so it is read on the clocks of the schedule"


@dataclass(frozen=True, slots=True)
class EventFile:
    """The events of a file, and sentences about what was left out or guessed."""

    events: tuple[Event, ...]
    notes: tuple[str, ...]


def text_of(file: bytes) -> str:
    """The text of a file. Lines are unfolded first: programs fold inside of letters (RFC 5545, 3.1)."""
    return _FOLD.sub(b"", file).decode("utf-8-sig", "replace")


def read_events(text: str) -> EventFile:
    """Read an iCalendar file.

    Raises:
        Invalid: it is none, or larger than 5 MB or 20,000 events.
    """
    if len(text.encode()) > MOST_BYTES:
        _refuse("The calendar is larger than 5 MB.", "Export a shorter time, or split it.")
    if "BEGIN:VCALENDAR" not in text.upper()[:10_000]:
        _refuse(
            "This is not an iCalendar file: it has no BEGIN:VCALENDAR.", "Give the address or file of an .ics export."
        )
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
        components = [(event, _clocks(calendar)) for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        _refuse(f"This iCalendar file is broken: {str(error)[:200]}.", "Export it again from where it comes from.")
    if len(components) > MOST_EVENTS:
        _refuse(f"The calendar has {len(components)} events.", "At most 20,000 are read: export a shorter time.")
    events: list[Event] = []
    notes = [] if components else ["The calendar has no events."]
    for component, clocks in components:
        title = _text(component.get("SUMMARY")) or "an event without a title"
        try:
            event = _event(component, clocks)
        except _Unreadable as reason:
            notes.append(f"“{title}” is left out: {reason}.")
            continue
        except (ValueError, TypeError, AttributeError, OverflowError):
            notes.append(f"“{title}” is left out: its times cannot be understood.")
            continue
        notes += [f"“{title}”: {note}." for note in event.notes]
        events.append(event)
    return EventFile(tuple(_latest(events)), tuple(dict.fromkeys(notes)))


class _Unreadable(Exception):
    """Why an event is left out."""


def _refuse(rule: str, fix: str) -> Any:
    raise Invalid("This calendar cannot be read.", faults=[Fault("text", rule, fix)])


@dataclass(frozen=True, slots=True)
class _Clocks:
    """The zones of a file: `times` for times without one, `days` for instants that mean whole days."""

    times: Zone
    days: Zone


def _clocks(calendar: Any) -> _Clocks:
    name = _text(calendar.get("X-WR-TIMEZONE"))
    if is_zone(name):
        return _Clocks(Zone(name), Zone(name))
    defined = calendar.walk("VTIMEZONE")
    return _Clocks(Zone(), _defined(defined[0]) if len(defined) == 1 else Zone())


def _defined(zone: Any) -> Zone:
    """The zone that a file defines itself; none where it cannot be understood."""
    try:
        rule = zone.to_tz()
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
        return Zone()
    return zone_of(datetime(2000, 1, 1, tzinfo=rule))


def _event(component: Any, clocks: _Clocks) -> Event:
    start = _moment(component, "DTSTART")
    all_day = not isinstance(start, datetime)
    notes = []
    zone = zone_of(start) if isinstance(start, datetime) else Zone()
    if isinstance(start, datetime) and start.tzinfo is None:
        named = component["DTSTART"].params.get("TZID")
        notes += [_UNKNOWN_ZONE.format(named)] if named else []
        zone = clocks.times
    length = length_of(component, start, zone)
    if length < timedelta(0):
        raise _Unreadable("it ends before it starts")
    if length > LONGEST:
        raise _Unreadable("it lasts more than 400 days")
    times = _Times(zone, clocks.days, all_day)
    return Event(
        uid=_text(component.get("UID")),
        start=local_of(start, zone),
        length=whole_days(length) if all_day else length,
        zone=zone,
        all_day=all_day,
        title=_text(component.get("SUMMARY")),
        attendees=tuple(_attendees(component)),
        organizer=_address(component.get("ORGANIZER")),
        sequence=_number(component.get("SEQUENCE")),
        cancelled=_text(component.get("STATUS")).upper() == "CANCELLED",
        rules=tuple(_rules(_all(component.get("RRULE")), times)),
        except_rules=tuple(_rules(map(icalendar.vRecur.from_ical, _all(component.get("EXRULE"))), times)),
        also=tuple(_also(component, times)),
        never=frozenset(_never(component, times)),
        mark=_mark(component, times),
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class _Times:
    """How one event's further times are read: on its own clocks, or as days where it lasts whole days."""

    zone: Zone
    home: Zone
    all_day: bool

    def local(self, value: date) -> datetime:
        """A date or time, naive on the event's clocks; midnight where only the day counts."""
        return local_of(day_of(value, self.home) if self.all_day else value, self.zone)

    def last(self, until: date | None) -> datetime | None:
        """The last local time of a rule."""
        if until is None:
            return None
        # Programs write "for ever" as the last second of the year 9999, which is no time on clocks east of Greenwich.
        if until.year >= _FOR_EVER:
            return None
        if self.all_day:
            until = last_day_of(until, self.home)
        if not isinstance(until, datetime):
            return datetime.combine(until, datetime.max.time())
        return self.zone.local(until)


def _moment(component: Any, name: str) -> date | datetime:
    value = component.get(name)
    if value is None or isinstance(value, list) or not isinstance(getattr(value, "dt", None), date):
        raise _Unreadable(f"it has no readable {name}")
    moment: date | datetime = value.dt
    if not 1900 <= moment.year <= 2200:
        raise _Unreadable(f"its year {moment.year} is out of range")
    return moment


def _rules(rules: Iterable[Any], times: _Times) -> Iterator[tuple[str, datetime | None]]:
    for rule in rules:
        if not isinstance(rule, icalendar.vRecur):
            raise _Unreadable("its recurrence rule cannot be read")
        parts = dict(rule)
        last = next(iter(_all(parts.pop("UNTIL", None))), None)
        written: Any = icalendar.vRecur(parts)
        yield written.to_ical().decode(), times.last(last)


def _also(component: Any, times: _Times) -> Iterator[tuple[datetime, timedelta | None]]:
    for value in _values(component.get("RDATE")):
        if isinstance(value, tuple):
            begin, end = value
            length = end if isinstance(end, timedelta) else times.local(end) - times.local(begin)
            yield times.local(begin), whole_days(length) if times.all_day else length
        elif isinstance(value, date):
            yield times.local(value), None
        else:
            raise _Unreadable("a further date of it cannot be read")


def _never(component: Any, times: _Times) -> Iterator[datetime | date]:
    for value in _values(component.get("EXDATE")):
        if isinstance(value, date):
            day_only = times.all_day or not isinstance(value, datetime)
            yield times.local(value).date() if day_only else times.local(value)


def _mark(component: Any, times: _Times) -> Mark | None:
    value = component.get("RECURRENCE-ID")
    if value is None:
        return None
    if not isinstance(getattr(value, "dt", None), date):
        raise _Unreadable("it does not say which occurrence it changes")
    future = str(value.params.get("RANGE", "")).upper() == "THISANDFUTURE"
    return Mark(times.local(value.dt), times.all_day or not isinstance(value.dt, datetime), future)


def _values(written: Any) -> Iterator[Any]:
    for part in _all(written):
        for value in getattr(part, "dts", ()):
            yield value.dt


def _all(written: Any) -> list[Any]:
    return [] if written is None else written if isinstance(written, list) else [written]


def _attendees(component: Any) -> Iterator[str]:
    """The addresses of people who are invited and have not declined."""
    for attendee in _all(component.get("ATTENDEE")):
        params = getattr(attendee, "params", {})
        kind, answer = str(params.get("CUTYPE", "")).upper(), str(params.get("PARTSTAT", "")).upper()
        if kind not in ("RESOURCE", "ROOM") and answer != "DECLINED" and (address := _address(attendee)):
            yield address


def _address(value: Any) -> str:
    text = _text(value)
    return text[7:].strip() if text[:7].lower() == "mailto:" else text if "@" in text else ""


def _text(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return "" if value is None or isinstance(value, list) else " ".join(str(value).split())[:_TEXT]


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _latest(events: Iterable[Event]) -> list[Event]:
    """Of events that replace each other the one of the highest sequence; those without order all stay."""
    newest: dict[tuple[str, Mark | None], int] = {}
    for event in events:
        key = event.uid, event.mark and replace(event.mark, and_future=False)
        newest[key] = max(newest.get(key, 0), event.sequence)
    return [
        event
        for event in events
        if not event.uid or event.sequence == newest[event.uid, event.mark and replace(event.mark, and_future=False)]
    ]
