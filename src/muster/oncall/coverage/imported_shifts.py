"""The shifts of an imported layer: what a calendar says at each time (R72)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import pairwise

from muster.kit.interval import Interval, Piece
from muster.kit.localtime import to_instant
from muster.oncall.calendars.calendar import Calendar, CalendarShift

_DAY = timedelta(days=1)


def shift_pieces(
    calendar: Calendar, zone: str, start: datetime, end: datetime
) -> list[Piece[tuple[CalendarShift, ...]]]:
    """The entries of a calendar of shifts that hold at each time of `[start, end)`, by rising start; times without any are
    left out. Entries without a zone are read on the clocks of `zone`."""
    timed = [(*times_of(entry, zone), entry) for entry in calendar.shifts]
    inside = sorted((shift for shift in timed if shift[0] < end and shift[1] > start), key=lambda shift: shift[:2])
    edges = sorted({edge for begins, ends, _ in inside for edge in (max(begins, start), min(ends, end))})
    pieces: list[Piece[tuple[CalendarShift, ...]]] = []
    standing: list[tuple[datetime, datetime, CalendarShift]] = []
    at = 0
    for begins, ends in pairwise(edges):
        while at < len(inside) and inside[at][0] <= begins:
            standing.append(inside[at])
            at += 1
        standing = [shift for shift in standing if shift[1] > begins]
        if standing:
            pieces.append((begins, ends, tuple(entry for _, _, entry in standing)))
    return pieces


def people_of(entries: Collection[CalendarShift]) -> tuple[str, ...]:
    """Everybody whom the entries name, once each, by name."""
    return tuple(sorted({person for entry in entries for person in entry.people}))


def times_of(entry: CalendarShift, zone: str) -> Interval:
    """When an entry begins and ends, read on the clocks of `zone` where it has none of its own."""
    if entry.start.tzinfo is not None:
        return entry.start, entry.end
    return to_instant(entry.start, zone), to_instant(entry.end, zone)
