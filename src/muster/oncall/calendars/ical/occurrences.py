"""When events happen: recurrence on naive wall-clock times, exceptions and moved occurrences, within bounds (RFC 5545)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import chain, islice, takewhile

from dateutil.rrule import rrule, rrulestr

from muster.kit.errors import Fault, Invalid
from muster.oncall.calendars.ical.event import Event, Zone, day_of

MOST = 10_000
"""How many occurrences of one calendar are read."""
MOST_COUNTED = 200_000
"""How many occurrences of one calendar are counted to find those, also before and behind what is asked for."""
_OFTEN = ("SECONDLY", "MINUTELY")
_SETLESS = ("HOURLY", "DAILY")
_HOURLY_REACH = timedelta(days=3660)
_SLACK = timedelta(days=2)
_MOST_FUTILE = 3


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`[start, end)` of one event, in aware UTC, or naive where the event floats or lasts whole days."""

    start: datetime
    end: datetime
    all_day: bool
    event: Event


def occurrences(
    events: Sequence[Event], start: datetime, end: datetime
) -> tuple[tuple[Occurrence, ...], tuple[str, ...]]:
    """What happens inside `[start, end)` (aware), by rising start, and sentences about what could not be counted.

    Times of floating events are compared as if they were UTC, with a day of slack.

    Raises:
        Invalid: its rules have more occurrences than are counted.
    """
    left = _Left()
    occurring: list[Occurrence] = []
    notes: list[str] = []
    masters = [event for event in events if event.mark is None]
    moved: dict[str, list[Event]] = {}
    for event in events:
        if event.mark is not None:
            moved.setdefault(event.uid, []).append(event)
    uids = {event.uid for event in masters}
    futile = 0
    orphans = [other for uid, many in moved.items() if uid not in uids for other in many if not other.cancelled]
    for event in masters:
        if event.cancelled:
            continue
        if futile >= _MOST_FUTILE and event.rules:
            notes.append(f"“{event.title}” is not counted: too many others recur on days that do not exist.")
            continue
        try:
            happenings = _of_one(event, moved.get(event.uid, []), _plain(start), _plain(end), left)
            occurring += [_placed(happening) for happening in happenings]
        except _Never as reason:
            futile += 1
            notes.append(f"“{event.title}” recurs in a way that cannot be counted: {reason}.")
            occurring += [_placed(event.moved(event.start))]
        except (ValueError, OverflowError, _TooOften) as reason:
            notes.append(f"“{event.title}” recurs in a way that cannot be counted: {str(reason)[:100] or 'too often'}.")
    occurring += [_placed(orphan) for orphan in orphans]
    inside = sorted(
        (occurrence for occurrence in occurring if _meets(occurrence, start, end)),
        key=lambda occurrence: (_key(occurrence), occurrence.event.title),
    )
    if len(inside) > MOST:
        notes.append(f"Only the first {MOST} of {len(inside)} entries are read.")
    return tuple(inside[:MOST]), tuple(notes)


class _TooOften(Exception):
    """The rule would take too long to count."""


class _Never(Exception):
    """The rule is met on no day until the end of all calendars, and finding that out takes seconds."""


class _Left:
    """How much may still be counted of all rules together: each alone may be harmless, and thousands of them are not."""

    def __init__(self) -> None:
        self.many = MOST_COUNTED

    def take(self) -> None:
        """One more.

        Raises:
            Invalid: it is too much.
        """
        self.many -= 1
        if self.many < 0:
            rule = f"Its rules have more than {MOST_COUNTED:,} occurrences; no more are counted."
            fault = Fault("text", rule, "Export a shorter time or fewer events, or end the rules with UNTIL or COUNT.")
            raise Invalid("This calendar recurs too often.", faults=[fault])


def _of_one(event: Event, moved: Sequence[Event], start: datetime, end: datetime, left: _Left) -> Iterator[Event]:
    """The occurrences of one event, each as an event of its own. An exception date also takes back a moved occurrence."""
    moved = [_on_clocks_of(event, other) for other in moved]
    moved = [other for other in moved if not {_mark_of(other), _mark_of(other).date()} & event.never]
    single = {other.mark.local: other for other in moved if other.mark and not other.mark.and_future}
    single |= {other.mark.local.date(): other for other in moved if other.mark and other.mark.day_only}  # type: ignore[misc]
    future = sorted((other for other in moved if other.mark and other.mark.and_future), key=_mark_of)
    since = [_mark_of(other) for other in future]
    longest = max((other.length for other in (event, *moved)), default=event.length)
    shift = max((abs(other.start - _mark_of(other)) for other in future), default=timedelta(0))
    for local, length in _locals(event, start - longest - shift - _SLACK, end + shift + _SLACK, left):
        if local in event.never or local.date() in event.never or local in single or local.date() in single:
            continue
        at = bisect_right(since, local)
        if not at:
            yield replace(event.moved(local), length=event.length if length is None else length)
        elif not future[at - 1].cancelled:
            yield future[at - 1].moved(local + (future[at - 1].start - since[at - 1]))
    yield from (
        other.moved(other.start)
        for other in {id(other): other for other in single.values()}.values()
        if not other.cancelled
    )


def _on_clocks_of(event: Event, other: Event) -> Event:
    """A moved occurrence with its mark on the clocks of the series: it may be written on its own."""
    mark = other.mark
    if mark is None or mark.day_only or other.zone.floating or other.zone == event.zone:
        return other
    moment = other.zone.instant(mark.local)
    if not event.all_day:
        return replace(other, mark=replace(mark, local=event.zone.local(moment)))
    if mark.local.time() == time(0):
        return other
    return replace(other, mark=replace(mark, local=datetime.combine(day_of(moment, Zone()), time(0))))


def _locals(event: Event, start: datetime, end: datetime, left: _Left) -> list[tuple[datetime, timedelta | None]]:
    """When it would happen by DTSTART, its rules and its further dates, each local time once."""
    starts: dict[datetime, timedelta | None] = {event.start: None}
    for text, last in event.rules:
        starts |= dict.fromkeys(_ruled(event, text, last, start, end, left))
    starts |= dict(event.also)
    for text, last in event.except_rules:
        for local in _ruled(event, text, last, start, end, left):
            starts.pop(local, None)
    return sorted((local, length) for local, length in starts.items() if start <= local < end)


def _ruled(
    event: Event, text: str, last: datetime | None, start: datetime, end: datetime, left: _Left
) -> Iterable[datetime]:
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    frequency = parts.get("FREQ", "")
    if frequency in _OFTEN or (frequency == "HOURLY" and start - event.start > _HOURLY_REACH):
        raise _TooOften(f"it recurs {frequency.lower()}")
    if int(parts.get("INTERVAL", "1")) < 1:
        raise _TooOften("its interval is not at least 1")
    if frequency in _SETLESS and "BYSETPOS" in parts:
        raise _TooOften(f"it recurs {frequency.lower()}, and BYSETPOS chooses of more than one")
    most = int(parts.pop("COUNT", "0")) or None
    until = min(end, last) if last else end
    rule = rrulestr(";".join(f"{key}={value}" for key, value in parts.items()), dtstart=event.start, ignoretz=True)
    if not isinstance(rule, rrule):
        raise _TooOften("it has several rules in one")
    times = iter(rule)
    first = next(times, None)
    if first is None:
        raise _Never("its rule is met on no day")
    # DTSTART is the first occurrence whether or not the rule meets it, and COUNT counts it.
    more = None if most is None else max(0, most - 1 - (first != event.start))
    for local in takewhile(lambda local: local <= until, chain([first], islice(times, more))):
        left.take()
        if local >= start:
            yield local


def _placed(event: Event) -> Occurrence:
    finish = event.start + event.length
    if event.all_day:
        return Occurrence(event.start, finish, True, event)
    return Occurrence(event.zone.instant(event.start), event.zone.instant(finish), False, event)


def _meets(occurrence: Occurrence, start: datetime, end: datetime) -> bool:
    if occurrence.start.tzinfo is None:
        start, end = _plain(start) - timedelta(days=1), _plain(end) + timedelta(days=1)
    return occurrence.start < end and (occurrence.end > start or occurrence.start >= start)


def _key(occurrence: Occurrence) -> datetime:
    return _plain(occurrence.start)


def _plain(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _mark_of(event: Event) -> datetime:
    return event.mark.local if event.mark else event.start
