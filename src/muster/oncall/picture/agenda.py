"""Coverage as a list of days, for screens too narrow for bars: who, from when, until when (R72)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from muster.kit.localtime import midnight, to_local
from muster.oncall.picture.lanes import Bar, Canvas, Lane
from muster.oncall.schedules.schedule import WEEKDAYS


@dataclass(frozen=True, slots=True)
class DayShift:
    """One shift as a day shows it: `hours` are those inside the day, such as `until 09:00` or `all day`."""

    bar: Bar
    hours: str
    runs: bool


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """A day, or several in a row that one shift fills, with what stands in them."""

    label: str
    today: bool
    weekend: bool
    entries: tuple[DayShift, ...]


def agenda(lane: Lane, canvas: Canvas, now: datetime) -> tuple[AgendaDay, ...]:
    """The days of a picture, each with its shifts; whole days of the same shift are joined, today stands alone."""
    zone = canvas.viewer.zone
    today = to_local(now, zone).date()
    first, end = to_local(canvas.start, zone).date(), to_local(canvas.end, zone).date()
    days = [first + timedelta(days=number) for number in range((end - first).days)]
    return tuple(_day(run, lane.bars, zone, today, now) for run in _runs(days, lane.bars, zone, today))


def _runs(days: Sequence[date], bars: Sequence[Bar], zone: str, today: date) -> Iterator[tuple[date, date]]:
    """The first and last of days in a row that one bar fills, or none touches; other days stand for themselves."""
    run: tuple[date, date, object] | None = None
    for day in days:
        alike = object() if day == today else _filling(day, bars, zone)
        if run and run[2] is alike:
            run = (run[0], day, alike)
            continue
        if run:
            yield run[0], run[1]
        run = (day, day, alike)
    if run:
        yield run[0], run[1]


def _filling(day: date, bars: Sequence[Bar], zone: str) -> object:
    """The one bar that fills a day; None where there is no bar at all, and something unlike all else for a mixed day."""
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    inside = [bar for bar in bars if bar.start < end and bar.end > start]
    if not inside:
        return None
    return inside[0] if inside[0].start <= start and inside[0].end >= end else object()


def _day(run: tuple[date, date], bars: Sequence[Bar], zone: str, today: date, now: datetime) -> AgendaDay:
    first, last = run
    start, end = midnight(first, zone), midnight(last + timedelta(days=1), zone)
    inside = [bar for bar in bars if bar.start < end and bar.end > start]
    entries = tuple(DayShift(bar, _hours(bar, start, end, zone), bar.start <= now < bar.end) for bar in inside)
    label = f"{WEEKDAYS[first.weekday()]} {first.day}"
    if last != first:
        label = f"{label} to {WEEKDAYS[last.weekday()]} {last.day}"
    return AgendaDay(label, first == today, first.weekday() > 4 and last == first, entries)


def _hours(bar: Bar, start: datetime, end: datetime, zone: str) -> str:
    begins = f"{to_local(bar.start, zone):%H:%M}" if bar.start > start else ""
    ends = f"{to_local(bar.end, zone):%H:%M}" if bar.end < end else ""
    if begins and ends:
        return f"{begins} to {ends}"
    if begins:
        return f"from {begins}"
    return f"until {ends}" if ends else "all day"
