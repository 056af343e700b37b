"""One workload: its facts, its components, what it depends on, and what stops when it or a part of it fails (R27, R109)."""

from typing import Any

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.catalog import store
from muster.catalog.actions import workloads
from muster.catalog.actions.workloads import existing
from muster.catalog.api.shapes import failed_of
from muster.catalog.drawing import around
from muster.catalog.graph import Graph, Hit, blast_radius, dependencies
from muster.catalog.pages.parts import CATALOGUE, TOPICS, Asked, Field, Name, address, see_other, url_of
from muster.catalog.selection import is_stale
from muster.catalog.workload import Catalogue, Component, Ref, Workload
from muster.catalog.writing import manifest_text

router = page_router()
HERE = f"{CATALOGUE}/workloads/{{name}}"


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
    parts = [{"label": "All of it", "url": f"{url_of(name)}#failure"}] if len(workload.components) > 1 else []
    parts += [{"label": each.label, "url": _failing(name, each.name)} for each in workload.components]
    chosen = workload.component(picked) if picked else None
    return render(
        request,
        "catalog/workload.html",
        workload=workload,
        stale=is_stale(workload, unit.now),
        current_at=max(workload.changed_at, workload.reviewed_at),
        components=[_part(workload, each) for each in workload.components],
        needs=_outside(workload, catalogue, graph),
        parts=parts,
        part=chosen.label if chosen else parts[0]["label"] if parts else "",
        failing=f"{workload.label}’s {chosen.label}" if chosen else workload.label,
        hits=hits,
        owners=sorted({hit["owner"] for hit in hits if hit["what"] == "stops"}),
        drawing=around(catalogue, graph, workload, blast if picked else None),
        incidents=address("/incidents", q=name, place="All"),
        topics=[*TOPICS, workload.stream],
    )


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


def _part(workload: Workload, component: Component) -> dict[str, Any]:
    return {
        "id": component.name,
        "name": component.name,
        "label": component.label,
        "url": _failing(workload.name, component.name),
        "description": component.description,
        "owner": workload.owner_of(component),
        "criticality": workload.criticality_of(component).label,
        "deployment": workload.deployment_of(component).label,
        "vendor": component.vendor,
        "links": sorted(component.links.items()),
        "classes": [each for each in (component.privacy, component.security) if each],
        "needs": [
            [{"label": _said(ref, workload), "url": _page(ref, workload)} for ref in need] for need in component.needs
        ],
    }


def _hit(hit: Hit, catalogue: Catalogue, what: str) -> dict[str, Any]:
    workload, component = catalogue.parts[hit.ref]
    return {
        "id": str(hit.ref),
        "ref": str(hit.ref),
        "url": _failing(workload.name, component.name),
        "what": what,
        "hops": hit.hops,
        "via": str(hit.via),
        "owner": workload.owner_of(component),
        "criticality": workload.criticality_of(component).label,
    }


def _outside(workload: Workload, catalogue: Catalogue, graph: Graph) -> list[dict[str, Any]]:
    """What the workload needs of others, the nearest first, each once."""
    found: dict[Ref, Hit] = {}
    for each in workload.components:
        for hit in dependencies(graph, Ref(workload.name, each.name)):
            if hit.ref.workload != workload.name and (hit.ref not in found or hit.hops < found[hit.ref].hops):
                found[hit.ref] = hit
    nearest = sorted(found.values(), key=lambda hit: (hit.hops, hit.ref))
    return [_hit(hit, catalogue, "needed") for hit in nearest]


def _failing(workload: str, component: str) -> str:
    return f"{url_of(workload)}?component={component}#failure"


def _said(ref: Ref, workload: Workload) -> str:
    return ref.component if ref.workload == workload.name else str(ref)


def _page(ref: Ref, workload: Workload) -> str:
    return f"#row-{ref.component}" if ref.workload == workload.name else url_of(ref.workload)
