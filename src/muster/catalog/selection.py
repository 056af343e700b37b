"""Which workloads a list shows, and in what order (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.catalog.workload import Catalogue, Component, Workload

STALE_AFTER = timedelta(days=180)
"""How long an entry counts as current after its last change or review (R27)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter; empty texts let everything pass. `q` is a part of any name, title, alias, description or vendor."""

    q: str = ""
    owner: str = ""
    criticality: str = ""

    def workloads(self, catalogue: Catalogue) -> list[Workload]:
        """Those that fit, by name: a workload fits where one of its components does."""
        return [workload for workload in catalogue.workloads if self._fits(workload)]

    def components(self, catalogue: Catalogue) -> list[tuple[Workload, Component]]:
        """Components that fit, each with its workload, by their full names."""
        found = [pair for pair in catalogue.each_component() if self._fits_component(*pair)]
        return sorted(found, key=lambda pair: (pair[0].name, pair[1].name))

    def __bool__(self) -> bool:
        return bool(self.q or self.owner or self.criticality)

    def _fits(self, workload: Workload) -> bool:
        said = " ".join([_said(workload), *(_said(component) for component in workload.components)])
        return (
            self.q.casefold() in said
            and (not self.owner or self.owner in workload.owners)
            and (not self.criticality or self.criticality == workload.criticality)
        )

    def _fits_component(self, workload: Workload, component: Component) -> bool:
        return (
            self.q.casefold() in f"{workload.name}/{component.name} {_said(component)}"
            and (not self.owner or self.owner == workload.owner_of(component))
            and (not self.criticality or self.criticality == workload.criticality_of(component))
        )


def is_stale(workload: Workload, now: datetime) -> bool:
    """Whether nobody has changed or confirmed the entry for long."""
    return now - max(workload.changed_at, workload.reviewed_at) > STALE_AFTER


def _said(described: Workload | Component) -> str:
    texts = (described.name, described.title, described.vendor, described.description, *described.aliases)
    return " ".join(texts).casefold()
