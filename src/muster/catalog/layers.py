"""The order within the layers of a drawing, and the heights that follow from it (pure)."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Slot(Generic[Key]):
    """A place in a layer: a box, or (with `lane`: where the line ends, and the layer) where a longer line passes."""

    key: Key
    lane: tuple[Key, int] | None = None


Layers = list[list[Slot[Key]]]
Way = list[Slot[Key]]
"""A line, slot by slot, one in each layer that it touches."""


def order(layers: Layers[Key], ways: Mapping[tuple[Key, Key], Way[Key]]) -> None:
    """Order each layer in place, so that few lines cross."""
    left, right = _neighbours(ways.values())
    best, fewest = [list(layer) for layer in layers], _crossings(layers, right)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 0
        for at in range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1):
            beside = {slot: number for number, slot in enumerate(layers[at - 1 if forward else at + 1])}
            _by_mean(layers[at], left if forward else right, beside)
        if (crossings := _crossings(layers, right)) < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    layers[:] = best


def place(
    layers: Layers[Key], ways: Mapping[tuple[Key, Key], Way[Key]], height: Callable[[Slot[Key]], float], gap: float
) -> dict[Slot[Key], float]:
    """The vertical centre of each slot, as close to its neighbours' as order and gaps allow; the uppermost edge is at 0."""
    left, right = _neighbours(ways.values())
    centres: dict[Slot[Key], float] = {}
    for layer in layers:
        centres.update(_spread(layer, [0.0] * len(layer), height, gap))
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        beside = left if forward else right
        for layer in layers if forward else reversed(layers):
            wanted = [_mean([centres[neighbour] for neighbour in beside[slot]], centres[slot]) for slot in layer]
            centres.update(_spread(layer, wanted, height, gap))
    top = min((centres[slot] - height(slot) / 2 for slot in centres), default=0.0)
    return {slot: centre - top for slot, centre in centres.items()}


def _spread(
    layer: list[Slot[Key]], wanted: list[float], height: Callable[[Slot[Key]], float], gap: float
) -> dict[Slot[Key], float]:
    """Centres nearest to the wanted ones (in the sum of squares) that keep order and gaps: pool adjacent violators."""
    offsets = [0.0]
    for upper, lower in pairwise(layer):
        offsets.append(offsets[-1] + (height(upper) + height(lower)) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for target, offset in zip(wanted, offsets, strict=False):
        mean, many = target - offset, 1
        while pools and pools[-1][0] > mean:
            before, more = pools.pop()
            mean, many = (mean * many + before * more) / (many + more), many + more
        pools.append((mean, many))
    settled = [mean for mean, many in pools for _ in range(many)]
    return {slot: settled[at] + offsets[at] for at, slot in enumerate(layer)}


def _neighbours(ways: Iterable[Way[Key]]) -> tuple[dict[Slot[Key], list[Slot[Key]]], dict[Slot[Key], list[Slot[Key]]]]:
    left: defaultdict[Slot[Key], list[Slot[Key]]] = defaultdict(list)
    right: defaultdict[Slot[Key], list[Slot[Key]]] = defaultdict(list)
    for way in ways:
        for here, there in pairwise(way):
            right[here].append(there)
            left[there].append(here)
    return left, right


def _by_mean(
    layer: list[Slot[Key]], near: Mapping[Slot[Key], list[Slot[Key]]], beside: Mapping[Slot[Key], int]
) -> None:
    present = {slot: float(at) for at, slot in enumerate(layer)}
    layer.sort(key=lambda slot: (_mean([beside[neighbour] for neighbour in near[slot]], present[slot]), present[slot]))


def _mean(values: list[float] | list[int], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(layers: Layers[Key], right: Mapping[Slot[Key], list[Slot[Key]]]) -> int:
    """How many pairs of lines cross between neighbouring layers."""
    found = 0
    for here, there in pairwise(layers):
        places = {slot: at for at, slot in enumerate(there)}
        seen: list[int] = []
        for slot in here:
            ends = sorted(places[neighbour] for neighbour in right[slot])
            found += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return found
