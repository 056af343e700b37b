"""Rotations that hold together, in as many Muster schedules as people are on call at once.

In a Muster schedule the upper layer decides. Opsgenie's rotations, and Grafana OnCall's shifts of one level, all hold: where two
overlap, both are on call. Such rotations go into schedules side by side, which an escalation step notifies together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from muster.importing.timeline import Duty
from muster.oncall.calendars.calendar import Calendar
from muster.oncall.coverage.layers import layer_pieces
from muster.oncall.schedules.schedule import Layer

LOOKED_AHEAD = timedelta(days=400)
MOST_LANES = 8

Calendars = Mapping[str, Calendar]
Piece = tuple[Layer, int]
"""A layer and the level of the rotation that it comes from."""


def held_by(layer: Layer, start: datetime, end: datetime, calendars: Calendars | None = None) -> list[Duty]:
    """When the layer has whom."""
    pieces = layer_pieces(layer, start, end, calendars)
    return [(begins, ends, said.people) for begins, ends, said in pieces if said.people]


def lanes_of(layers: Sequence[Piece], now: datetime, calendars: Calendars | None = None) -> list[list[Layer]]:
    """The layers of each schedule, the lowest first; a single one where nothing of one level overlaps."""
    start = now - timedelta(days=1)
    end = start + LOOKED_AHEAD
    ordered = sorted(enumerate(layers), key=lambda numbered: (numbered[1][1], numbered[0]))
    levels: list[list[list[Layer]]] = []
    for _, group in groupby(ordered, lambda numbered: numbered[1][1]):
        alike = [layer for _, (layer, _level) in group]
        levels.append(_beside(alike, start, end, calendars) if len(alike) > 1 else [alike])
    count = min(MOST_LANES, max((len(beside) for beside in levels), default=0))
    # A level with fewer people stands in every schedule, so that it hides the lower levels everywhere.
    return [
        [layer for beside in levels for layer in beside[min(lane, len(beside) - 1) if lane else 0]]
        for lane in range(count)
    ]


def _beside(layers: Sequence[Layer], start: datetime, end: datetime, calendars: Calendars | None) -> list[list[Layer]]:
    """Layers of one level in as few groups as need be, so that none overlap within a group."""
    beside: list[list[Layer]] = []
    taken: list[list[Duty]] = []
    for layer in layers:
        held = held_by(layer, start, end, calendars)
        free = next((at for at, others in enumerate(taken) if not _overlap(held, others)), len(beside))
        if free == len(beside):
            beside.append([])
            taken.append([])
        beside[free].append(layer)
        taken[free] += held
    return beside


def _overlap(numbered: Sequence[Duty], other: Sequence[Duty]) -> bool:
    edges = sorted((start, end) for start, end, _ in (*numbered, *other))
    return any(before[1] > after[0] for before, after in pairwise(edges))
