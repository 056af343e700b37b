"""Where the boxes and lines of a dependency picture go (pure): in layers, who depends on the left, what it needs on the right.

The usual four steps for layered drawings (Sugiyama): break circles, layer by the longest way, order each layer by the mean of
its neighbours, then place it as near to them as the order allows. A line over several layers has its own lane in each, so
that it runs between the boxes. The same graph is always drawn the same.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Literal, TypeVar

from muster.catalog.layers import Layers, Slot, Way, order, place

Key = TypeVar("Key", bound=Hashable)
Arrow = Literal["end", "start", "both"]

WIDTH, HEIGHT = 136, 44
GAP_X, GAP_Y, LANE = 38, 16, 8
MARGIN = 3
ISOLATED_COLUMNS = 5
MOST_SLOTS = 400
"""Above so many boxes and lanes a picture explains nothing, and drawing it would keep others waiting."""


@dataclass(frozen=True, slots=True)
class Box(Generic[Key]):
    """A box by its upper left corner, in pixels; all are WIDTH by HEIGHT."""

    key: Key
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line(Generic[Key]):
    """A line between two boxes, as the `d` of an SVG path from the left one to the right one; `arrow` says which end has one."""

    left: Key
    right: Key
    arrow: Arrow
    path: str


@dataclass(frozen=True, slots=True)
class Picture(Generic[Key]):
    """Everything to draw, within `width` and `height` pixels."""

    boxes: tuple[Box[Key], ...]
    lines: tuple[Line[Key], ...]
    width: int
    height: int


def draw(keys: Iterable[Key], edges: Iterable[tuple[Key, Key]]) -> Picture[Key] | None:
    """The picture of a graph; an edge leads from who depends to what it needs. Edges to unknown keys are left out.

    What has no edge stands below the rest. None when it would have more than MOST_SLOTS boxes and lanes.
    """
    known = dict.fromkeys(keys)
    pairs = [pair for pair in dict.fromkeys(edges) if pair[0] != pair[1] and pair[0] in known and pair[1] in known]
    ends = {key for pair in pairs for key in pair}
    tied = [key for key in known if key in ends]
    arrows = _without_circles(tied, pairs)
    depth = _depths(tied, arrows)
    if len(known) + sum(depth[end] - depth[start] - 1 for start, end in arrows) > MOST_SLOTS:
        return None
    layers, ways = _slots(depth, arrows)
    order(layers, ways)
    centres = place(layers, ways, lambda slot: LANE if slot.lane else HEIGHT, GAP_Y)
    boxes = [Box(key, _x(number), MARGIN + round(centres[Slot(key)] - HEIGHT / 2)) for key, number in depth.items()]
    foot = round(max((centres[slot] + HEIGHT / 2 for layer in layers for slot in layer), default=-GAP_Y))
    boxes += _isolated([key for key in known if key not in ends], foot + GAP_Y + MARGIN, len(layers))
    lines = [Line(*pair, arrow, _path(ways[pair], depth[pair[0]], centres)) for pair, arrow in arrows.items()]
    width = max((box.x + WIDTH for box in boxes), default=0) + MARGIN
    height = max([foot, *(box.y + HEIGHT for box in boxes)]) + MARGIN if boxes else 0
    return Picture(tuple(boxes), tuple(lines), width, height)


def _without_circles(keys: Iterable[Key], pairs: Iterable[tuple[Key, Key]]) -> dict[tuple[Key, Key], Arrow]:
    """The edges, turned so that they form no circle, each with where its arrow stands."""
    following: defaultdict[Key, list[Key]] = defaultdict(list)
    for start, end in pairs:
        following[start].append(end)
    arrows: dict[tuple[Key, Key], Arrow] = {}
    done: set[Key] = set()
    for root in keys:
        path: dict[Key, None] = {}
        stack = [(root, iter(following[root]))] if root not in done else []
        path.update(dict.fromkeys(open for open, _ in stack))
        while stack:
            here, ahead = stack[-1]
            there = next(ahead, None)
            if there is None:
                stack.pop()
                path.pop(here)
                done.add(here)
            elif there in path:
                arrows[there, here] = "both" if arrows.get((there, here)) in ("end", "both") else "start"
            else:
                arrows[here, there] = "both" if (here, there) in arrows else "end"
                if there not in done:
                    path[there] = None
                    stack.append((there, iter(following[there])))
    return arrows


def _depths(keys: list[Key], arrows: Iterable[tuple[Key, Key]]) -> dict[Key, int]:
    """The layer of each key: behind everything to its left; what nothing is left of stands close to its neighbours."""
    left: defaultdict[Key, set[Key]] = defaultdict(set)
    right: defaultdict[Key, list[Key]] = defaultdict(list)
    for start, end in arrows:
        left[end].add(start)
        right[start].append(end)
    depth = dict.fromkeys(keys, 0)
    waiting = {key: len(left[key]) for key in keys}
    ready = [key for key in keys if not waiting[key]]
    for key in ready:
        for end in right[key]:
            depth[end] = max(depth[end], depth[key] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    for key in keys:
        if not left[key]:
            depth[key] = min(depth[end] for end in right[key]) - 1
    return depth


def _slots(
    depth: Mapping[Key, int], arrows: Iterable[tuple[Key, Key]]
) -> tuple[Layers[Key], dict[tuple[Key, Key], Way[Key]]]:
    layers: Layers[Key] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key, number in depth.items():
        layers[number].append(Slot(key))
    ways: dict[tuple[Key, Key], Way[Key]] = {}
    for start, end in arrows:
        lanes = [Slot(start, (end, number)) for number in range(depth[start] + 1, depth[end])]
        for number, lane in enumerate(lanes, depth[start] + 1):
            layers[number].append(lane)
        ways[start, end] = [Slot(start), *lanes, Slot(end)]
    return layers, ways


def _path(way: Way[Key], layer: int, centres: Mapping[Slot[Key], float]) -> str:
    said = []
    for at, (here, there) in enumerate(pairwise(way), layer):
        x, y, far = _x(at) + WIDTH, MARGIN + round(centres[here], 1), MARGIN + round(centres[there], 1)
        bend = GAP_X // 2
        said.append(f"M{x} {y:g}" if here is way[0] else f"H{x}")
        said.append(f"C{x + bend} {y:g} {x + bend} {far:g} {x + GAP_X} {far:g}")
    return "".join(said)


def _isolated(keys: list[Key], top: int, layers: int) -> list[Box[Key]]:
    columns = max(layers, ISOLATED_COLUMNS)
    return [Box(key, _x(at % columns), top + at // columns * (HEIGHT + GAP_Y)) for at, key in enumerate(keys)]


def _x(layer: int) -> int:
    return MARGIN + layer * (WIDTH + GAP_X)
