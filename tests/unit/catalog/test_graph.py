"""What fails with what, checked against a slow and plain reading of the same words."""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.catalog.examples import need, shop, workload

from muster.catalog.graph import Graph, blast_radius, dependencies, find_circle, single_points
from muster.catalog.workload import Catalogue, Component, Ref

NAMES = [Ref(outer, inner) for outer in "ab" for inner in "uvwxyz"]
refs = st.sampled_from(NAMES)
graphs = st.dictionaries(
    refs,
    st.lists(st.lists(refs, min_size=1, max_size=3, unique=True).map(tuple), max_size=3).map(tuple),
    max_size=len(NAMES),
)
"""Any graphs, circles included."""


def acyclic(needs: Mapping[Ref, tuple[tuple[Ref, ...], ...]]) -> dict[Ref, tuple[tuple[Ref, ...], ...]]:
    """The same graph, with only those needs that point to a later name."""
    kept = {
        ref: [tuple(each for each in need if NAMES.index(each) > NAMES.index(ref)) for need in own]
        for ref, own in needs.items()
    }
    return {ref: tuple(need for need in own if need) for ref, own in kept.items()}


def text(found: Iterable[Ref]) -> list[str]:
    """Names as written."""
    return [str(each) for each in found]


def test_what_needs_a_failed_component_stops_step_by_step() -> None:
    blast = blast_radius(Graph.of(shop()), [Ref("payments", "api")])
    assert [(str(hit.ref), hit.hops, str(hit.via)) for hit in blast.stopped] == [("shop/web", 1, "payments/api")]
    assert blast.weakened == ()


def test_an_alternative_keeps_it_going_and_nothing_follows() -> None:
    blast = blast_radius(Graph.of(shop()), [Ref("payments", "stripe")])
    assert blast.stopped == ()
    assert text(hit.ref for hit in blast.weakened) == ["payments/api"]


def test_all_alternatives_together_bring_it_down() -> None:
    blast = blast_radius(Graph.of(shop()), [Ref("payments", "stripe"), Ref("payments", "adyen")])
    assert [(str(hit.ref), hit.hops) for hit in blast.stopped] == [("payments/api", 1), ("shop/web", 2)]


def test_single_points_of_failure_stop_business_critical_components_alone() -> None:
    points = single_points(shop(), Graph.of(shop()))
    assert [(str(each.ref), text(each.stops), each.reach) for each in points] == [
        ("shop/search", ["shop/web"], 2),
        ("payments/api", ["shop/web"], 1),
    ]


def test_dependencies_are_followed_to_the_end() -> None:
    found = dependencies(Graph.of(shop()), Ref("shop", "web"))
    assert [(str(hit.ref), hit.hops, str(hit.via)) for hit in found] == [
        ("payments/api", 1, "shop/web"),
        ("shop/search", 1, "shop/web"),
        ("payments/adyen", 2, "payments/api"),
        ("payments/stripe", 2, "payments/api"),
    ]


def test_a_circle_is_named_from_its_first_component() -> None:
    catalogue = Catalogue(
        (
            workload("a", Component("x", needs=(need("b/y"),)), Component("z")),
            workload("b", Component("y", needs=(need("b/q"), need("a/z"))), Component("q", needs=(need("a/x"),))),
        )
    )
    graph = Graph.of(catalogue)
    assert text(find_circle({ref: graph.direct(ref) for ref in graph.needs})) == ["a/x", "b/y", "b/q"]


@given(graphs, st.lists(refs, min_size=1, max_size=3))
def test_what_stops_is_exactly_what_cannot_do_without_what_is_down(
    needs: dict[Ref, tuple[tuple[Ref, ...], ...]], failed: list[Ref]
) -> None:
    blast = blast_radius(Graph(needs), failed)
    down = set(failed)
    while more := {
        ref for ref, own in needs.items() if ref not in down and any(set(need) <= down for need in own)
    }:  # fmt: skip
        down |= more
    assert {hit.ref for hit in blast.stopped} == down - set(failed)
    assert {hit.ref for hit in blast.weakened} == {
        ref for ref, own in needs.items() if ref not in down and any(set(need) & down for need in own)
    }
    assert [hit.hops for hit in blast.stopped] == sorted(hit.hops for hit in blast.stopped)


@given(graphs, st.lists(refs, min_size=1, max_size=2), refs)
def test_a_larger_failure_never_stops_less(
    needs: dict[Ref, tuple[tuple[Ref, ...], ...]], failed: list[Ref], another: Ref
) -> None:
    graph = Graph(needs)
    fewer = {hit.ref for hit in blast_radius(graph, failed).stopped} | set(failed)
    more = {hit.ref for hit in blast_radius(graph, [*failed, another]).stopped} | {*failed, another}
    assert fewer <= more


@given(graphs, refs, refs)
def test_who_is_stopped_depends_on_what_failed(
    needs: dict[Ref, tuple[tuple[Ref, ...], ...]], failed: Ref, other: Ref
) -> None:
    graph = Graph(needs)
    if any(hit.ref == other for hit in blast_radius(graph, [failed]).stopped):
        assert failed in {hit.ref for hit in dependencies(graph, other)}


@given(graphs)
def test_a_circle_that_is_named_is_one(needs: dict[Ref, tuple[tuple[Ref, ...], ...]]) -> None:
    graph = Graph(needs)
    circle = find_circle({ref: graph.direct(ref) for ref in needs})
    for one, following in zip(circle, circle[1:] + circle[:1], strict=True):
        assert following in graph.direct(one)
    if not circle:
        assert not any(ref in {hit.ref for hit in dependencies(graph, ref)} for ref in needs)
        assert not any(ref in graph.direct(each.ref) for ref in needs for each in dependencies(graph, ref))


@given(graphs.map(acyclic))
def test_a_graph_without_circles_has_none(needs: dict[Ref, tuple[tuple[Ref, ...], ...]]) -> None:
    graph = Graph(needs)
    assert find_circle({ref: graph.direct(ref) for ref in needs}) == ()


@given(graphs.map(acyclic))
def test_single_points_are_those_whose_failure_alone_stops_something(
    needs: dict[Ref, tuple[tuple[Ref, ...], ...]],
) -> None:
    catalogue = Catalogue(
        tuple(
            workload(
                outer,
                *(Component(ref.component, needs=needs.get(ref, ())) for ref in NAMES if ref.workload == outer),
                criticality="business_critical",
            )
            for outer in "ab"
        )
    )
    graph = Graph.of(catalogue)
    found = {each.ref: (set(each.stops), each.reach) for each in single_points(catalogue, graph)}
    alone = {ref: {hit.ref for hit in blast_radius(graph, [ref]).stopped} for ref in NAMES}
    assert found == {ref: (stopped, len(stopped)) for ref, stopped in alone.items() if stopped}
