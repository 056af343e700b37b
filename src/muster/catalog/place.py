"""Which workload and component an alert is about, told from its labels alone: the same labels always give the same answer.

The order in which labels are believed:

1. Selectors: `labels: {service: shop-web}` of a component or workload. The one that asks for most labels wins, a component
   before a workload, then the first by name.
2. `workload`, `application`, `app_kubernetes_io_part_of`: the first that names a workload. The component is then looked for
   in it only.
3. The labels of `COMPONENT_KEYS`, in order. A value may be a component's name or alias, `workload/component` or
   `workload-component`, or a workload's name. A name that several workloads use counts only where another label
   (`WORKLOAD_KEYS`) says which one is meant; Muster never guesses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.catalog.workload import Catalogue, Component, Labels, Ref, Workload

SCOPE_KEYS = ("workload", "application", "app_kubernetes_io_part_of")
COMPONENT_KEYS = (
    "component",
    "app_kubernetes_io_component",
    "service",
    "service_name",
    "app",
    "app_kubernetes_io_name",
    "deployment",
    "statefulset",
    "daemonset",
    "container",
    "resource",
    "job",
    "namespace",
)
WORKLOAD_KEYS = ("service", "service_name", "app", "app_kubernetes_io_name", "namespace", "project", "job")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something belongs; empty texts where that is unknown."""

    workload: str = ""
    component: str = ""
    criticality: str = ""


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class _Selector:
    labels: Labels
    order: tuple[int, bool, str, str]
    place: Place

    def fits(self, labels: Mapping[str, str]) -> bool:
        return all(labels.get(key) in values for key, values in self.labels.items())


class Index:
    """The catalogue, prepared for finding the place of an alert: a handful of dictionary look-ups each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._workloads: dict[str, Place] = {}
        self._own: dict[tuple[str, str], Place] = {}
        self._named: dict[str, tuple[Place, ...]] = {}
        self._selectors: dict[tuple[str, str], tuple[_Selector, ...]] = {}
        self._fill(catalogue)

    def locate(self, labels: Mapping[str, str]) -> Place:
        """The workload and component that these labels speak of, with the criticality of the narrower one."""
        if not labels or not self._workloads:
            return NOWHERE
        if chosen := self._selected(labels):
            return chosen
        for key in SCOPE_KEYS:
            value = labels.get(key)
            if value and (scope := self._workloads.get(folded(value))):
                return self._within(scope, labels)
        return self._anywhere(labels)

    def _selected(self, labels: Mapping[str, str]) -> Place | None:
        if not self._selectors:
            return None
        best: _Selector | None = None
        for item in labels.items():
            for selector in self._selectors.get(item, ()):
                if (best is None or selector.order < best.order) and selector.fits(labels):
                    best = selector
        if best is None:
            return None
        # A selector of a workload says nothing of the component: other labels may.
        return best.place if best.place.component else self._within(best.place, labels)

    def _within(self, scope: Place, labels: Mapping[str, str]) -> Place:
        for key in COMPONENT_KEYS:
            value = labels.get(key)
            if value and (found := self._own.get((scope.workload, folded(value)))):
                return found
        return scope

    def _anywhere(self, labels: Mapping[str, str]) -> Place:
        meant: frozenset[str] | None = None
        for key in COMPONENT_KEYS:
            value = labels.get(key)
            if not value:
                continue
            value = folded(value)
            found = self._named.get(value, ())
            if len(found) > 1:
                meant = self._meant(labels) if meant is None else meant
                found = tuple(place for place in found if place.workload in meant)
            if len(found) == 1:
                return found[0]
            if scope := self._workloads.get(value):
                return self._within(scope, labels)
        return NOWHERE

    def _meant(self, labels: Mapping[str, str]) -> frozenset[str]:
        named = (self._workloads.get(folded(labels.get(key, ""))) for key in WORKLOAD_KEYS)
        return frozenset(place.workload for place in named if place)

    def _fill(self, catalogue: Catalogue) -> None:
        for workload in catalogue.workloads:
            place = Place(workload.name, "", workload.criticality.value)
            for name in _names(workload):
                self._workloads.setdefault(name, place)
        # Workloads' own names win over aliases of others, whichever comes first.
        for workload in catalogue.workloads:
            self._workloads[folded(workload.name)] = Place(workload.name, "", workload.criticality.value)
        self._fill_components(catalogue)
        self._fill_selectors(catalogue)

    def _fill_components(self, catalogue: Catalogue) -> None:
        plain: defaultdict[str, dict[Place, None]] = defaultdict(dict)
        joined: defaultdict[str, dict[Place, None]] = defaultdict(dict)
        for workload, component in catalogue.each_component():
            place = _place(workload, component)
            for name in _names(component):
                plain[name][place] = None
                self._own.setdefault((workload.name, name), place)
                for sign in "/-.":
                    for outer in _names(workload):
                        joined[f"{outer}{sign}{name}"][place] = None
                        self._own.setdefault((workload.name, f"{outer}{sign}{name}"), place)
        for workload, component in catalogue.each_component():
            self._own[workload.name, folded(component.name)] = _place(workload, component)
        self._named = {name: tuple(found) for name, found in joined.items()}
        self._named.update((name, tuple(found)) for name, found in plain.items())

    def _fill_selectors(self, catalogue: Catalogue) -> None:
        selectors: defaultdict[tuple[str, str], list[_Selector]] = defaultdict(list)
        for selector in _selectors(catalogue):
            # One of its labels leads to it; whether the others fit is seen then.
            key, values = next(iter(selector.labels.items()))
            for value in values:
                selectors[key, value].append(selector)
        self._selectors = {item: tuple(found) for item, found in selectors.items()}


def folded(name: str) -> str:
    """A name as it is compared: case and the choice of `_` or `-` do not count."""
    return name.casefold().replace("_", "-")


def _place(workload: Workload, component: Component) -> Place:
    return Place(workload.name, component.name, workload.criticality_of(component).value)


def _names(named: Workload | Component) -> list[str]:
    return list(dict.fromkeys(folded(text) for text in (named.name, *named.aliases)))


def _selectors(catalogue: Catalogue) -> Iterable[_Selector]:
    for workload in catalogue.workloads:
        if workload.labels:
            place = Place(workload.name, "", workload.criticality.value)
            yield _Selector(workload.labels, (-len(workload.labels), True, workload.name, ""), place)
    for workload, component in catalogue.each_component():
        if component.labels:
            order = (-len(component.labels), False, *Ref(workload.name, component.name))
            yield _Selector(component.labels, order, _place(workload, component))
