"""What one layer says alone: its turns or its imported shifts, inside its hours and on its days (R72)."""

from collections.abc import Mapping
from datetime import date, datetime

from muster.kit.interval import Interval, Piece, complement, within
from muster.kit.localtime import to_instant
from muster.oncall.calendars.calendar import Calendar
from muster.oncall.coverage.imported_shifts import people_of, shift_pieces
from muster.oncall.coverage.open_hours import holiday_hours, opening
from muster.oncall.coverage.roster import Cause, Coverage, Reason
from muster.oncall.coverage.rotation import turns
from muster.oncall.schedules.schedule import HolidayRule, Layer

Calendars = Mapping[str, Calendar]


def layer_pieces(
    layer: Layer, start: datetime, end: datetime, calendars: Calendars | None = None
) -> list[Piece[Coverage]]:
    """What one layer alone would say inside `[start, end)`, turn by turn; nothing where it has nobody.

    The people of a shadow layer stand in it as in any other.
    """
    known = calendars or {}
    said = _imported(layer, start, end, known) if layer.calendar else _rotated(layer, start, end, known)
    if layer.windows:
        said = within(said, opening(layer.windows, layer.zone, start, end))
    return _on_its_days(layer, said, start, end, known)


def _rotated(layer: Layer, start: datetime, end: datetime, calendars: Calendars) -> list[Piece[Coverage]]:
    made: dict[tuple[tuple[str, ...], tuple[str, ...]], Coverage] = {}
    pieces: list[Piece[Coverage]] = []
    for turn in turns(layer, start, end, holidays_of(layer, calendars)):
        if turn.people:
            key = turn.people, turn.instead_of
            if key not in made:
                gone = [person for person in turn.instead_of if person not in turn.people]
                note = f"in place of {' and '.join(gone)}, who left" if gone else ""
                made[key] = Coverage(turn.people, Reason(Cause.LAYER, layer.name, note=note))
            pieces.append((turn.start, turn.end, made[key]))
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
