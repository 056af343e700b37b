"""The panel of what an incident affects: its workload, and what else stops or loses an alternative with it (R27, R109)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.catalog import store as catalog
from muster.catalog.graph import blast_radius
from muster.catalog.workload import Catalogue, Ref, Workload
from muster.incidents.incident import Incident
from muster.incidents.pages.panel import Content, Viewed

MOST_REACHED = 8


@dataclass(frozen=True, slots=True)
class AffectedRow:
    """The workload or component that the incident is about."""

    name: str
    url: str
    criticality: str
    owner: str


@dataclass(frozen=True, slots=True)
class ReachedRow:
    """A component that needs it, `distance` steps away."""

    name: str
    url: str
    distance: int
    how: str


@template("incidents/panels/affected.html")
@dataclass(frozen=True, slots=True)
class Affected:
    """What is affected, and what that reaches; `workload` is what was named, `more` how many are not listed."""

    workload: str
    row: AffectedRow | None
    reached: Sequence[ReachedRow]
    more: int


async def affected(unit: Unit, viewed: Viewed) -> Content:
    """The blast radius."""
    incident = viewed.held.incident
    survey = await catalog.survey(unit.conn)
    catalogue = survey.catalogue
    workload = catalogue.by_name.get(incident.workload)
    if workload is None:
        return Content(Affected(incident.workload, None, (), 0))
    blast = blast_radius(survey.graph, affected_refs(catalogue, incident))
    reached = [_reached(catalogue, hit.ref, hit.hops, "stops") for hit in blast.stopped]
    reached += [_reached(catalogue, hit.ref, hit.hops, "loses an alternative") for hit in blast.weakened]
    more = max(0, len(reached) - MOST_REACHED)
    return Content(Affected(incident.workload, _row(workload, incident), reached[:MOST_REACHED], more))


def affected_refs(catalogue: Catalogue, incident: Incident) -> list[Ref]:
    """The component that an incident is about, or all of its workload."""
    workload = catalogue.by_name.get(incident.workload)
    if workload is None:
        return []
    if workload.component(incident.component):
        return [Ref(workload.name, incident.component)]
    return [Ref(workload.name, component.name) for component in workload.components]


def _row(workload: Workload, incident: Incident) -> AffectedRow:
    component = workload.component(incident.component)
    criticality = workload.criticality_of(component) if component else workload.criticality
    return AffectedRow(
        name=f"{workload.label}: {component.label}" if component else workload.label,
        url=_url(workload.name),
        criticality=str(criticality).replace("_", " "),
        owner=workload.owner_of(component) if component else workload.owner,
    )


def _reached(catalogue: Catalogue, ref: Ref, hops: int, how: str) -> ReachedRow:
    workload, component = catalogue.parts[ref]
    return ReachedRow(f"{workload.label}: {component.label}", _url(workload.name), hops, how)


def _url(workload: str) -> str:
    return f"/catalogue/workloads/{quote(workload, safe='')}"
