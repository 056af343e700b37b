"""What fails with what: the graph of needs, followed in both directions (R27, R109).

A component stops when one of its needs can no longer be met, which is when all alternatives of that need have stopped. It is
*weakened* when an alternative is gone but another still stands; nothing further follows from that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from muster.catalog.workload import Catalogue, Criticality, Ref

Needs = Mapping[Ref, tuple[tuple[Ref, ...], ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A component that a failure reaches, `hops` steps away; `via` is what it loses."""

    ref: Ref
    hops: int
    via: Ref


@dataclass(frozen=True, slots=True)
class Blast:
    """How far a failure reaches: what stops with it, and what is left without an alternative; nearest first."""

    failed: tuple[Ref, ...]
    stopped: tuple[Hit, ...]
    weakened: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A component whose failure alone stops business-critical ones; `stops` are those, by name."""

    ref: Ref
    stops: tuple[Ref, ...]
    reach: int

    @property
    def workloads(self) -> tuple[str, ...]:
        """The workloads of what it stops, without repetition."""
        return tuple(dict.fromkeys(stopped.workload for stopped in self.stops))


@dataclass(frozen=True)
class Graph:
    """Components and what each needs. Names that are no component (of a draft being checked) stand for nothing."""

    needs: Needs

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Graph":
        """The graph of a catalogue."""
        return cls({ref: component.needs for ref, (_, component) in catalogue.parts.items()})

    @cached_property
    def dependents(self) -> dict[Ref, tuple[Ref, ...]]:
        """Who needs each component, by name."""
        found: defaultdict[Ref, set[Ref]] = defaultdict(set)
        for ref, needs in self.needs.items():
            for need in needs:
                for alternative in need:
                    found[alternative].add(ref)
        return {ref: tuple(sorted(dependents)) for ref, dependents in found.items()}

    def direct(self, ref: Ref) -> tuple[Ref, ...]:
        """What a component needs directly, alternatives included, without repetition."""
        return tuple(dict.fromkeys(alternative for need in self.needs.get(ref, ()) for alternative in need))


def blast_radius(graph: Graph, failed: Iterable[Ref]) -> Blast:
    """What a failure of these components brings down; total for any graph, circles included."""
    start = tuple(dict.fromkeys(failed))
    down = dict.fromkeys(start, 0)
    stopped: list[Hit] = []
    wave, hops = list(start), 0
    while wave:
        hops += 1
        reached: dict[Ref, Ref] = {}
        for gone in wave:
            for ref in graph.dependents.get(gone, ()):
                if ref not in down and ref not in reached and _unmet(graph, ref, gone, down):
                    reached[ref] = gone
        hits = [Hit(ref, hops, via) for ref, via in sorted(reached.items())]
        down.update((hit.ref, hops) for hit in hits)
        stopped += hits
        wave = [hit.ref for hit in hits]
    return Blast(start, tuple(stopped), _weakened(graph, down))


def _unmet(graph: Graph, ref: Ref, gone: Ref, down: Mapping[Ref, int]) -> bool:
    return any(gone in need and all(alternative in down for alternative in need) for need in graph.needs.get(ref, ()))


def _weakened(graph: Graph, down: Mapping[Ref, int]) -> tuple[Hit, ...]:
    found: dict[Ref, Hit] = {}
    for gone, hops in down.items():
        for ref in graph.dependents.get(gone, ()):
            if ref not in down and (ref not in found or hops + 1 < found[ref].hops):
                found[ref] = Hit(ref, hops + 1, gone)
    return tuple(sorted(found.values(), key=lambda hit: (hit.hops, hit.ref)))


def dependencies(graph: Graph, ref: Ref) -> tuple[Hit, ...]:
    """Everything that a component needs, however indirectly; `via` is who needs it. Nearest first."""
    seen, found, wave, hops = {ref}, [], [ref], 0
    while wave:
        hops += 1
        reached: dict[Ref, Ref] = {}
        for lost in wave:
            for needed in graph.direct(lost):
                if needed not in seen:
                    reached.setdefault(needed, lost)
        hits = [Hit(needed, hops, via) for needed, via in sorted(reached.items())]
        seen.update(reached)
        found += hits
        wave = [hit.ref for hit in hits]
    return tuple(found)


def single_points(catalogue: Catalogue, graph: Graph) -> list[SinglePoint]:
    """Components that nothing stands in for and that take business-critical ones down; the gravest first."""
    refs = list(catalogue.parts)
    stops: defaultdict[int, list[Ref]] = defaultdict(list)
    reach: Counter[int] = Counter()
    for ref, causes in _causes(graph, refs).items():
        critical = catalogue.criticality(ref) is Criticality.BUSINESS_CRITICAL
        for at in _bits(causes):
            reach[at] += 1
            if critical:
                stops[at].append(ref)
    found = [SinglePoint(refs[at], tuple(sorted(stopped)), reach[at]) for at, stopped in stops.items()]
    return sorted(found, key=lambda point: (-len(point.workloads), -len(point.stops), -point.reach, point.ref))


def _causes(graph: Graph, refs: Sequence[Ref]) -> dict[Ref, int]:
    """For each component, those whose failure alone stops it: bit N stands for `refs[N]`.

    One pass, each component after what it needs: an alternative counts only where both ways share a cause. A circle, which the
    catalogue refuses, is followed once.
    """
    bits = {ref: 1 << at for at, ref in enumerate(refs)}
    causes: dict[Ref, int] = {}
    for ref in _needed_first(graph, refs):
        causes[ref] = 0
        for need in graph.needs.get(ref, ()):
            shared = -1
            for alternative in need:
                shared &= bits.get(alternative, 0) | causes.get(alternative, 0)
            causes[ref] |= shared & ~bits[ref]
    return causes


def _needed_first(graph: Graph, refs: Iterable[Ref]) -> list[Ref]:
    known, begun, done = set(refs), set[Ref](), dict[Ref, None]()
    for root in refs:
        stack = [root]
        while stack:
            ref = stack[-1]
            ahead = (
                [needed for needed in graph.direct(ref) if needed in known and needed not in begun]
                if ref not in begun
                else []
            )
            begun.add(ref)
            stack += ahead
            if not ahead:
                done.setdefault(stack.pop())
    return list(done)


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def find_circle(needs: Mapping[Ref, Iterable[Ref]]) -> tuple[Ref, ...]:
    """One circle of needs, beginning with its first name, or nothing; the same graph always gives the same circle."""
    done: set[Ref] = set()
    for start in sorted(needs):
        path: list[Ref] = []
        on_path: set[Ref] = set()
        stack = [(start, iter((start,)))]
        while stack:
            following = next(stack[-1][1], None)
            if following is None:
                stack.pop()
                if path:
                    done.add(path[-1])
                    on_path.discard(path.pop())
                continue
            if following in on_path:
                return _from_first(path[path.index(following) :])
            if following not in done:
                path.append(following)
                on_path.add(following)
                stack.append((following, iter(sorted(needs.get(following, ())))))
    return ()


def _from_first(circle: list[Ref]) -> tuple[Ref, ...]:
    first = circle.index(min(circle))
    return tuple(circle[first:] + circle[:first])
