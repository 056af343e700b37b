"""The dependency pictures of the pages, drawn from the data: the whole catalogue, and one workload with its neighbours (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from muster.catalog.graph import Blast, Graph
from muster.catalog.layout import HEIGHT, WIDTH, Picture, draw
from muster.catalog.workload import Catalogue, Criticality, Ref, Workload

MOST_COMPONENTS, MOST_BOXES = 40, 120
LONGEST_LABEL, LONGEST_NOTE = 16, 21
LARGE = 1300
"""A wider picture is not made to fit its column: it would be too small to read."""


@dataclass(frozen=True, slots=True)
class Node:
    """A box: `kind` holds the words of its class (critical, low, outside, failed, stopped, weakened)."""

    x: int
    y: int
    label: str
    note: str
    title: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A line; `kind` is empty, `alternative`, or `hit` where a failure runs along it."""

    path: str
    arrow: str
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws; `says` describes it to who cannot see it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int
    says: str
    large: bool = False
    box_width: int = WIDTH
    box_height: int = HEIGHT


def whole(catalogue: Catalogue, graph: Graph) -> Drawing | None:
    """All components, or where they are many, all workloads; None where nothing depends on anything or no picture helps."""
    if not graph.dependents:
        return None
    if len(catalogue.parts) <= MOST_COMPONENTS:
        pairs = _pairs(graph, catalogue.parts)
        says = f"{len(catalogue.parts)} components and what they depend on"
        return _components(catalogue, graph, draw(catalogue.parts, pairs), says)
    if len(catalogue.workloads) > MOST_BOXES:
        return None
    outer = [(ref.workload, on.workload) for ref, on in _pairs(graph, catalogue.parts)]
    picture = draw([workload.name for workload in catalogue.workloads], outer)
    if picture is None:
        return None
    nodes = [_workload(catalogue.by_name[box.key], box.x, box.y) for box in picture.boxes]
    edges = [Edge(line.path, line.arrow, "") for line in picture.lines]
    says = f"{len(nodes)} workloads and what they depend on"
    return Drawing(tuple(nodes), tuple(edges), picture.width, picture.height, says, picture.width > LARGE)


def around(catalogue: Catalogue, graph: Graph, workload: Workload, blast: Blast | None) -> Drawing | None:
    """A workload's components with all that they depend on directly and what depends on them, and how far a failure reaches."""
    own = [Ref(workload.name, component.name) for component in workload.components]
    near = [neighbour for ref in own for neighbour in (*graph.dependents.get(ref, ()), *graph.direct(ref))]
    reached = [hit.ref for hit in (*blast.stopped, *blast.weakened)] if blast else []
    keys = list(dict.fromkeys([*own, *near, *reached]))
    if len(keys) > MOST_BOXES:
        keys = list(dict.fromkeys([*own, *near]))
    if not 2 <= len(keys) <= MOST_BOXES or not near:
        return None
    # Between two others only a failure's way is of interest here.
    pairs = [
        (ref, on)
        for ref, on in _pairs(graph, keys)
        if workload.name in (ref.workload, on.workload) or (ref in reached and on in reached)
    ]
    says = f"the components of {workload.label}, what they depend on and what depends on them"
    return _components(catalogue, graph, draw(keys, pairs), says, workload, blast)


def _components(
    catalogue: Catalogue,
    graph: Graph,
    picture: Picture[Ref] | None,
    says: str,
    own: Workload | None = None,
    blast: Blast | None = None,
) -> Drawing | None:
    if picture is None:
        return None
    states = _states(blast)
    nodes = []
    for box in picture.boxes:
        workload, component = catalogue.parts[box.key]
        inside = own is not None and workload.name == own.name
        state = states.get(box.key, "")
        note = _state_note(state, box.key, blast) or (workload.owner_of(component) if inside else workload.label)
        criticality = workload.criticality_of(component)
        kinds = [_weight(criticality), "" if inside or own is None else "outside", state]
        title = f"{box.key}: {criticality.label}, {workload.owner_of(component)}" + (f", {state}" if state else "")
        url = f"/catalogue/workloads/{workload.name}?component={component.name}"
        nodes.append(
            Node(
                box.x,
                box.y,
                _short(component.label, LONGEST_LABEL),
                _short(note, LONGEST_NOTE),
                title,
                url,
                _joined(kinds),
            )
        )
    edges = []
    for line in picture.lines:
        hit = states.get(line.left) == "stopped" and states.get(line.right) in ("failed", "stopped")
        edges.append(
            Edge(
                line.path,
                line.arrow,
                "hit" if hit else "alternative" if _is_alternative(graph, line.left, line.right) else "",
            )
        )
    return Drawing(tuple(nodes), tuple(edges), picture.width, picture.height, says, picture.width > LARGE)


def _workload(workload: Workload, x: int, y: int) -> Node:
    many = len(workload.components)
    note = f"{workload.owner}, {many} component{'' if many == 1 else 's'}"
    title = f"{workload.name}: {workload.criticality.label}, {note}"
    url = f"/catalogue/workloads/{workload.name}"
    return Node(
        x,
        y,
        _short(workload.label, LONGEST_LABEL),
        _short(note, LONGEST_NOTE),
        title,
        url,
        _weight(workload.criticality),
    )


def _states(blast: Blast | None) -> dict[Ref, str]:
    if blast is None:
        return {}
    return {
        **{hit.ref: "weakened" for hit in blast.weakened},
        **{hit.ref: "stopped" for hit in blast.stopped},
        **dict.fromkeys(blast.failed, "failed"),
    }


def _state_note(state: str, ref: Ref, blast: Blast | None) -> str:
    if not state or blast is None:
        return ""
    words = {"failed": "fails", "stopped": "stops", "weakened": "weakened"}[state]
    return f"{ref.workload}: {words}"


def _pairs(graph: Graph, keys: Iterable[Ref]) -> list[tuple[Ref, Ref]]:
    return [(ref, on) for ref in keys for on in graph.direct(ref)]


def _is_alternative(graph: Graph, ref: Ref, on: Ref) -> bool:
    return any(on in need and len(need) > 1 for need in graph.needs.get(ref, ()))


def _weight(criticality: Criticality) -> str:
    return {Criticality.BUSINESS_CRITICAL: "critical", Criticality.LOW: "low"}.get(criticality, "")


def _joined(kinds: Iterable[str]) -> str:
    return " ".join(kind for kind in kinds if kind)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
