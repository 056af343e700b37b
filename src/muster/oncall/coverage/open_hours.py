"""When a layer is open: hours of the week, such as working days 09:00 to 17:00, and holidays, as instants (R72)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from muster.kit.interval import Interval, union
from muster.kit.localtime import midnight, to_instant, to_local
from muster.oncall.schedules.schedule import Window

_DAY = timedelta(days=1)


def opening(windows: Sequence[Window], zone: str, start: datetime, end: datetime) -> list[Interval]:
    """When any of `windows` is open inside `[start, end)`: disjoint intervals in order, not cut to the edges.

    No windows means always. A window whose edge falls into a jump of the clocks moves as a hand-off does.
    """
    if not windows or start >= end:
        return [(start, end)]
    longest = max(window.days_later for window in windows)
    day = to_local(start, zone).date() - timedelta(days=longest + 1)
    last = to_local(end, zone).date() + _DAY
    found: list[Interval] = []
    while day <= last:
        weekday = day.weekday()
        for window in windows:
            if window.day == weekday:
                opens = datetime.combine(day, window.start)
                shuts = datetime.combine(day + timedelta(days=window.days_later), window.end)
                found.append((to_instant(opens, zone), to_instant(shuts, zone)))
        day += _DAY
    return union((opens, shuts) for opens, shuts in found if shuts > start and opens < end)


def holiday_hours(days: Collection[date], zone: str, start: datetime, end: datetime) -> list[Interval]:
    """The days from midnight to midnight on the clocks of `zone`: disjoint, in order, those that meet `[start, end)`."""
    first, last = to_local(start, zone).date() - _DAY, to_local(end, zone).date() + _DAY
    return union((midnight(day, zone), midnight(day + _DAY, zone)) for day in days if first <= day <= last)
