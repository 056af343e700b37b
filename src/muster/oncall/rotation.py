"""When turns begin and end: calendar arithmetic on the layer's wall clock, then instants (R72).

Turns count calendar hours, days, weeks and months of the layer's zone, never multiples of 24 hours, so a hand-off keeps its
wall time through every change of the clocks. Where that time does not exist the hand-off is at the first instant after the
jump; where it exists twice, at the earlier. A turn that lies wholly inside a jump has no length and is left out.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import NamedTuple

from muster.kit.localtime import to_instant, to_local
from muster.oncall.schedule import HandOff, Layer, Rotate

_FIXED = {Rotate.HOURLY: timedelta(hours=1), Rotate.DAILY: timedelta(days=1), Rotate.WEEKLY: timedelta(weeks=1)}


class Turn(NamedTuple):
    """One turn of a layer, cut to the time asked for; `number` counts from 0 at the layer's start."""

    number: int
    start: datetime
    end: datetime
    people: tuple[str, ...]


def turns(layer: Layer, start: datetime, end: datetime) -> Iterator[Turn]:
    """The layer's turns inside `[start, end)` in order, whatever its windows say; disjoint, not of no length."""
    start = max(start, to_instant(layer.start, layer.zone))
    if layer.end is not None:
        end = min(end, to_instant(layer.end, layer.zone))
    if start >= end:
        return
    first = _last_hand_off(layer)
    number = max(0, _turns_between(layer, first, to_local(start, layer.zone)) - 1)
    hand_offs = _hand_offs(layer, first, number)
    begins = next(hand_offs)
    for ends in hand_offs:
        if ends > start and ends > begins:
            yield Turn(number, max(begins, start), min(ends, end), layer.turns[number % len(layer.turns)])
        if ends >= end:
            return
        number, begins = number + 1, ends


def _last_hand_off(layer: Layer) -> datetime:
    """The local hand-off in force at the layer's start: turn 0 is counted from it."""
    begin, at, day = layer.start, layer.hand_off.at, layer.hand_off.day
    if layer.rotate is Rotate.HOURLY:
        minutes = timedelta(hours=at.hour, minutes=at.minute)
        midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + minutes + (begin - midnight - minutes) // _FIXED[Rotate.HOURLY] * _FIXED[Rotate.HOURLY]
    if layer.rotate is Rotate.MONTHLY:
        this = _monthly(begin.year * 12 + begin.month - 1, layer.hand_off)
        return this if this <= begin else _monthly(begin.year * 12 + begin.month - 2, layer.hand_off)
    hand_off = datetime.combine(begin, at)
    if layer.rotate is Rotate.WEEKLY:
        hand_off -= timedelta(days=(begin.weekday() - (day or 0)) % 7)
    return hand_off if hand_off <= begin else hand_off - _FIXED[layer.rotate]


def _hand_offs(layer: Layer, first: datetime, number: int) -> Iterator[datetime]:
    """The instants at which turn `number` and those after it begin, without end."""
    zone = layer.zone
    if layer.rotate is Rotate.MONTHLY:
        for months in count(first.year * 12 + first.month - 1 + number * layer.every, layer.every):
            yield to_instant(_monthly(months, layer.hand_off), zone)
    step = layer.every * _FIXED[layer.rotate]
    local = first + number * step
    while True:
        yield to_instant(local, zone)
        local += step


def _turns_between(layer: Layer, first: datetime, local: datetime) -> int:
    """How many whole turns fit between two local times, one too many at most."""
    if layer.rotate is Rotate.MONTHLY:
        return (local.year * 12 + local.month - first.year * 12 - first.month) // layer.every
    return (local - first) // (layer.every * _FIXED[layer.rotate])


def _monthly(months: int, hand_off: HandOff) -> datetime:
    year, month = divmod(months, 12)
    day = min(hand_off.day or 1, monthrange(year, month + 1)[1])
    return datetime.combine(date(year, month + 1, day), hand_off.at)
