"""When turns begin and end as instants, and who has them (R72).

A hand-off keeps its wall time through every change of the clocks. Where that time does not exist the hand-off is at the first
instant after the jump; where it exists twice, at the earlier. A turn that lies wholly inside a jump has no length and is left
out.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from muster.kit.localtime import to_instant, to_local
from muster.oncall.coverage.hand_offs import hand_offs_of
from muster.oncall.coverage.turn_order import Order
from muster.oncall.schedules.schedule import Layer


class Turn(NamedTuple):
    """One turn of a layer, or the part of it that some people have, cut to the time asked for.

    `number` counts from 0 at the layer's start; `instead_of` names those who left in the middle of it.
    """

    number: int
    start: datetime
    end: datetime
    people: tuple[str, ...]
    instead_of: tuple[str, ...] = ()


def turns(layer: Layer, start: datetime, end: datetime, holidays: Collection[date] = ()) -> Iterator[Turn]:
    """The layer's turns inside `[start, end)` in order, whatever its windows say; disjoint, not of no length.

    `holidays` are the days of the layer's calendar; they matter here only where they do not count.
    """
    start = max(start, to_instant(layer.start, layer.zone))
    if layer.end is not None:
        end = min(end, to_instant(layer.end, layer.zone))
    if start >= end or not layer.turns:
        return
    beat = hand_offs_of(layer, () if layer.holidays is None or layer.holidays.counts else holidays)
    order = Order(layer, beat)
    number = max(0, beat.number(to_local(start, layer.zone)) - 1)
    since = max(beat.begin(number), layer.start)
    begins = to_instant(since, layer.zone)
    while begins < end:
        until = beat.begin(number + 1)
        ends = to_instant(until, layer.zone)
        if ends > start and ends > begins:
            holds = order.holds(number, since, until)
            edges = [begins, *(to_instant(hold.start, layer.zone) for hold in holds[1:]), ends]
            for hold, (opens, shuts) in zip(holds, pairwise(edges), strict=True):
                if opens < end and shuts > start and opens < shuts:
                    yield Turn(number, max(opens, start), min(shuts, end), hold.people, hold.instead_of)
        number, since, begins = number + 1, until, ends
