"""What one layer says alone: its turns or its imported shifts, inside its hours of the week and on its days (R72)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from muster.kit.interval import Interval, Piece, complement, union, within
from muster.kit.localtime import midnight, to_instant, to_local
from muster.oncall.calendars.calendar import Calendar, CalendarShift
from muster.oncall.coverage.roster import Cause, Coverage, Reason
from muster.oncall.coverage.rotation import turns
from muster.oncall.schedules.schedule import HolidayRule, Layer, Window

_DAY = timedelta(days=1)
Calendars = Mapping[str, Calendar]


def layer_pieces(
    layer: Layer, start: datetime, end: datetime, calendars: Calendars | None = None
) -> list[Piece[Coverage]]:
    """What one layer alone would say inside `[start, end)`, turn by turn; nothing where it has nobody.

    The people of a shadow layer stand in it as in any other.
    """
    contents = calendars or {}
    pieces = _imported(layer, start, end, contents) if layer.calendar else _rotated(layer, start, end, contents)
    if layer.windows:
        pieces = within(pieces, opening(layer.windows, layer.zone, start, end))
    return _on_its_days(layer, pieces, start, end, contents)


def _rotated(layer: Layer, start: datetime, end: datetime, calendars: Calendars) -> list[Piece[Coverage]]:
    coverages: dict[tuple[tuple[str, ...], tuple[str, ...]], Coverage] = {}
    pieces: list[Piece[Coverage]] = []
    for turn in turns(layer, start, end, holidays_of(layer, calendars)):
        if turn.people:
            key = turn.people, turn.instead_of
            if key not in coverages:
                gone = [person for person in turn.instead_of if person not in turn.people]
                note = f"in place of {' and '.join(gone)}, who left" if gone else ""
                coverages[key] = Coverage(turn.people, Reason(Cause.LAYER, layer.name, note=note))
            pieces.append((turn.start, turn.end, coverages[key]))
    return pieces


def _imported(layer: Layer, start: datetime, end: datetime, calendars: Calendars) -> list[Piece[Coverage]]:
    calendar = calendars.get(layer.calendar or "")
    begins = max(start, to_instant(layer.start, layer.zone))
    ends = min(end, to_instant(layer.end, layer.zone)) if layer.end else end
    if calendar is None or begins >= ends:
        return []
    pieces: list[Piece[Coverage]] = []
    for opens, shuts, entries in shift_pieces(calendar, layer.zone, begins, ends):
        if people := people_of(entries):
            titles = dict.fromkeys(entry.title for entry in entries if entry.people and entry.title)
            note = " and ".join(f"“{title}”" for title in titles)
            pieces.append((opens, shuts, Coverage(people, Reason(Cause.LAYER, layer.name, note=note))))
    return pieces


def holidays_of(layer: Layer, calendars: Calendars) -> Mapping[date, str]:
    """The days of the calendar of holidays that a layer names, with their titles."""
    calendar = calendars.get(layer.holidays.calendar) if layer.holidays else None
    return calendar.days if calendar else {}


def _on_its_days(
    layer: Layer, said: list[Piece[Coverage]], start: datetime, end: datetime, calendars: Calendars
) -> list[Piece[Coverage]]:
    """What holidays leave of what the layer says."""
    if layer.holidays is None or layer.holidays.rule is HolidayRule.UNCOUNTED:
        return said
    hours: list[Interval] = holiday_hours(holidays_of(layer, calendars), layer.zone, start, end)
    return within(said, hours if layer.holidays.rule is HolidayRule.ONLY else complement(hours, start, end))


def opening(windows: Sequence[Window], zone: str, start: datetime, end: datetime) -> list[Interval]:
    """When any of `windows` is open inside `[start, end)`: disjoint intervals in order, not cut to the edges.

    No windows means always. A window whose edge falls into a jump of the clocks moves as a hand-off does.
    """
    if not windows or start >= end:
        return [(start, end)]
    longest = max(window.days_later for window in windows)
    day = to_local(start, zone).date() - timedelta(days=longest + 1)
    last = to_local(end, zone).date() + _DAY
    hours: list[Interval] = []
    while day <= last:
        weekday = day.weekday()
        for window in windows:
            if window.day == weekday:
                opens = datetime.combine(day, window.start)
                shuts = datetime.combine(day + timedelta(days=window.days_later), window.end)
                hours.append((to_instant(opens, zone), to_instant(shuts, zone)))
        day += _DAY
    return union((opens, shuts) for opens, shuts in hours if shuts > start and opens < end)


def holiday_hours(days: Collection[date], zone: str, start: datetime, end: datetime) -> list[Interval]:
    """The days from midnight to midnight on the clocks of `zone`: disjoint, in order, those that meet `[start, end)`."""
    first, last = to_local(start, zone).date() - _DAY, to_local(end, zone).date() + _DAY
    return union((midnight(day, zone), midnight(day + _DAY, zone)) for day in days if first <= day <= last)


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
