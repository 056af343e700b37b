"""One workload: its facts, its components, what it depends on, and what stops when it or a part of it fails (R27, R109)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import Tab, template
from muster.catalog import store
from muster.catalog.actions import workloads
from muster.catalog.actions.workloads import existing
from muster.catalog.api.shapes import failed_of
from muster.catalog.drawing import Drawing, around
from muster.catalog.graph import Graph, Hit, blast_radius, dependencies
from muster.catalog.pages.parts import CATALOGUE, TOPICS, Asked, Field, Name, address, failure_of, url_of
from muster.catalog.selection import is_stale
from muster.catalog.workload import Catalogue, Component, Ref, Workload
from muster.catalog.writing import manifest_text

router = page_router()
HERE = f"{CATALOGUE}/workloads/{{name}}"


@dataclass(frozen=True, slots=True)
class NeededPart:
    """One alternative of what a component needs."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A component; `url` shows its failure, `needs` are its needs with the alternatives of each."""

    name: str
    label: str
    url: str
    description: str
    owner: str
    criticality: str
    vendor: str
    links: Sequence[tuple[str, str]]
    classes: Sequence[str]
    needs: Sequence[Sequence[NeededPart]]

    @property
    def id(self) -> str:
        """By what the row is told from others."""
        return self.name


@dataclass(frozen=True, slots=True)
class HitRow:
    """A component of this or another workload that a failure reaches, or that is needed: what happens, and because of what."""

    ref: str
    url: str
    what: str
    hops: int
    via: str
    owner: str
    criticality: str

    @property
    def id(self) -> str:
        """By what the row is told from others."""
        return self.ref


@template("catalog/workload.html")
@dataclass(frozen=True, slots=True)
class WorkloadPage:
    """One workload. `parts` are the chips of what can fail, `part` is the one chosen and `failing` its name in a sentence.

    `hits` are what follows, `owners` those of what stops; `needs` are components of others that it depends on.
    """

    workload: Workload
    stale: bool
    current_at: datetime
    components: Sequence[ComponentRow]
    needs: Sequence[HitRow]
    parts: Sequence[Tab]
    part: str
    failing: str
    hits: Sequence[HitRow]
    owners: Sequence[str]
    drawing: Drawing | None
    incidents: str
    topics: Sequence[str]


@router.get(HERE)
@needs(Permission.CATALOG_READ)
async def workload_page(unit: Uses, request: Request, name: Name, component: Asked = "") -> Response:
    """Show a workload; `component` picks the part whose failure is looked at."""
    workload = await existing(unit.conn, name)
    survey = await store.survey(unit.conn)
    catalogue, graph = survey.catalogue, survey.graph
    picked = component if workload.component(component) else ""
    blast = blast_radius(graph, failed_of(workload, picked))
    hits = [_hit(hit, catalogue, "stops") for hit in blast.stopped]
    hits += [_hit(hit, catalogue, "has no alternative left") for hit in blast.weakened]
    parts = [Tab("All of it", f"{url_of(name)}#failure")] if len(workload.components) > 1 else []
    parts += [Tab(part.label, failure_of(name, part.name)) for part in workload.components]
    chosen = workload.component(picked) if picked else None
    page = WorkloadPage(
        workload=workload,
        stale=is_stale(workload, unit.now),
        current_at=max(workload.changed_at, workload.reviewed_at),
        components=[_part(workload, part) for part in workload.components],
        needs=_outside(workload, catalogue, graph),
        parts=parts,
        part=chosen.label if chosen else parts[0].label if parts else "",
        failing=f"{workload.label}’s {chosen.label}" if chosen else workload.label,
        hits=hits,
        owners=sorted({hit.owner for hit in hits if hit.what == "stops"}),
        drawing=around(catalogue, graph, workload, blast if picked else None),
        incidents=address("/incidents", q=name, place="All"),
        topics=[*TOPICS, workload.stream],
    )
    return render(request, page)


@router.get(f"{HERE}/manifest")
@needs(Permission.CATALOG_READ)
async def manifest_file(unit: Uses, name: Name) -> Response:
    """Download a workload as the manifest that would bring it about."""
    text = manifest_text(await existing(unit.conn, name))
    headers = {"content-disposition": f'attachment; filename="{name}.yaml"'}
    return Response(text, media_type="application/yaml", headers=headers)


@router.post(f"{HERE}/review")
@needs(Permission.CATALOG_MANAGE)
async def review(unit: Uses, name: Name) -> Response:
    """Confirm that the entry still holds."""
    await workloads.review_workload(unit, name)
    return see_other(url_of(name))


@router.post(f"{HERE}/delete")
@needs(Permission.CATALOG_MANAGE)
async def delete(unit: Uses, name: Name, reason: Field = "") -> Response:
    """Delete a workload that nothing depends on."""
    await workloads.delete_workload(unit, name, reason[:500])
    return see_other(CATALOGUE)


def _part(workload: Workload, component: Component) -> ComponentRow:
    return ComponentRow(
        name=component.name,
        label=component.label,
        url=failure_of(workload.name, component.name),
        description=component.description,
        owner=workload.owner_of(component),
        criticality=workload.criticality_of(component).label,
        vendor=component.vendor,
        links=sorted(component.links.items()),
        classes=[name for name in (component.privacy, component.security) if name],
        needs=[[NeededPart(_said(ref, workload), _page(ref, workload)) for ref in need] for need in component.needs],
    )


def _hit(hit: Hit, catalogue: Catalogue, what: str) -> HitRow:
    workload, component = catalogue.parts[hit.ref]
    return HitRow(
        ref=str(hit.ref),
        url=failure_of(workload.name, component.name),
        what=what,
        hops=hit.hops,
        via=str(hit.via),
        owner=workload.owner_of(component),
        criticality=workload.criticality_of(component).label,
    )


def _outside(workload: Workload, catalogue: Catalogue, graph: Graph) -> list[HitRow]:
    """What the workload needs of others, the nearest first, each once."""
    found: dict[Ref, Hit] = {}
    for part in workload.components:
        for hit in dependencies(graph, Ref(workload.name, part.name)):
            if hit.ref.workload != workload.name and (hit.ref not in found or hit.hops < found[hit.ref].hops):
                found[hit.ref] = hit
    nearest = sorted(found.values(), key=lambda hit: (hit.hops, hit.ref))
    return [_hit(hit, catalogue, "needed") for hit in nearest]


def _said(ref: Ref, workload: Workload) -> str:
    return ref.component if ref.workload == workload.name else str(ref)


def _page(ref: Ref, workload: Workload) -> str:
    return f"#row-{ref.component}" if ref.workload == workload.name else url_of(ref.workload)
