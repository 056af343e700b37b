"""What a layer takes from a calendar: the hours of its holidays, and the shifts of an imported layer (R72)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from muster.kit.interval import Interval, Piece, union
from muster.kit.localtime import to_instant, to_local
from muster.oncall.calendar import Calendar, Entry

_DAY = timedelta(days=1)


def holiday_hours(days: Collection[date], zone: str, start: datetime, end: datetime) -> list[Interval]:
    """The days from midnight to midnight on the clocks of `zone`: disjoint, in order, those that meet `[start, end)`."""
    first, last = to_local(start, zone).date() - _DAY, to_local(end, zone).date() + _DAY
    return union((_midnight(day, zone), _midnight(day + _DAY, zone)) for day in days if first <= day <= last)


def shift_pieces(calendar: Calendar, zone: str, start: datetime, end: datetime) -> list[Piece[tuple[Entry, ...]]]:
    """The entries of a calendar of shifts that hold at each time of `[start, end)`, by rising start; times without any are
    left out. Entries without a zone are read on the clocks of `zone`."""
    found = [(*times_of(entry, zone), entry) for entry in calendar.shifts]
    inside = sorted((each for each in found if each[0] < end and each[1] > start), key=lambda each: each[:2])
    edges = sorted({edge for begins, ends, _ in inside for edge in (max(begins, start), min(ends, end))})
    pieces: list[Piece[tuple[Entry, ...]]] = []
    standing: list[tuple[datetime, datetime, Entry]] = []
    at = 0
    for begins, ends in pairwise(edges):
        while at < len(inside) and inside[at][0] <= begins:
            standing.append(inside[at])
            at += 1
        standing = [each for each in standing if each[1] > begins]
        if standing:
            pieces.append((begins, ends, tuple(entry for _, _, entry in standing)))
    return pieces


def people_of(entries: Collection[Entry]) -> tuple[str, ...]:
    """Everybody whom the entries name, once each, by name."""
    return tuple(sorted({person for entry in entries for person in entry.people}))


def times_of(entry: Entry, zone: str) -> Interval:
    """When an entry begins and ends, read on the clocks of `zone` where it has none of its own."""
    if entry.start.tzinfo is not None:
        return entry.start, entry.end
    return to_instant(entry.start, zone), to_instant(entry.end, zone)


def _midnight(day: date, zone: str) -> datetime:
    return to_instant(datetime.combine(day, time()), zone)
