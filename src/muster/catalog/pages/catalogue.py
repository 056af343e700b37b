"""The catalogue as a whole: its workloads by criticality or owner, what nothing stands in for, and the picture."""

from typing import Annotated, Any

import msgspec
from fastapi import Query, Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.catalog import store
from muster.catalog.api.shapes import WorkloadOut
from muster.catalog.pages.parts import CATALOGUE, TOPICS, Asked, address, url_of
from muster.catalog.selection import Selection, is_stale
from muster.catalog.table import csv_text
from muster.catalog.workload import Criticality, Workload

router = page_router()
PAGE, MOST_POINTS = 100, 6
ORDERS = ("criticality", "owner")


@router.get(CATALOGUE)
@needs(Permission.CATALOG_READ)
async def catalogue_page(
    unit: Uses,
    request: Request,
    q: Asked = "",
    owner: Asked = "",
    criticality: Asked = "",
    by: Asked = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show workloads in order of criticality or owner."""
    survey = await store.survey(unit.conn)
    catalogue, points = survey.catalogue, survey.single_points
    chosen = Selection(q.strip(), owner, criticality)
    by = by if by in ORDERS else ORDERS[0]
    found = sorted(chosen.workloads(catalogue), key=lambda each: _rank(each, by))
    shown = found[(page - 1) * PAGE : page * PAGE]
    filters = {"q": q, "owner": owner, "criticality": criticality}
    return render(
        request,
        "catalog/list.html",
        empty=not catalogue.workloads,
        filtered=bool(chosen),
        rows=[_row(each, unit) for each in shown],
        filters={**filters, "by": by},
        owners=sorted({name for each in catalogue.workloads for name in each.owners}),
        criticalities=[(each.value, each.label.capitalize()) for each in Criticality],
        orders=[{"label": f"By {each}", "url": address(CATALOGUE, **filters, by=each)} for each in ORDERS],
        order=f"By {by}",
        shown=len(shown),
        total=len(found),
        previous=address(CATALOGUE, **filters, by=by, page=page - 1) if page > 1 else "",
        following=address(CATALOGUE, **filters, by=by, page=page + 1) if len(found) > page * PAGE else "",
        csv=address(f"{CATALOGUE}.csv", **filters),
        json=address(f"{CATALOGUE}.json", **filters),
        points=[
            {"ref": str(each.ref), "url": _failure(each.ref), "stops": each.stops, "reach": each.reach}
            for each in points[:MOST_POINTS]
        ],
        more_points=max(0, len(points) - MOST_POINTS),
        stale=[_row(each, unit) for each in catalogue.workloads if is_stale(each, unit.now)][:MOST_POINTS],
        drawing=survey.drawing,
        topics=TOPICS,
    )


@router.get(f"{CATALOGUE}.csv")
@needs(Permission.CATALOG_READ)
async def catalogue_csv(unit: Uses, q: Asked = "", owner: Asked = "", criticality: Asked = "") -> Response:
    """Download the workloads and components that fit, as CSV."""
    found = Selection(q, owner, criticality).workloads(await store.catalogue(unit.conn))
    return _file(csv_text(found), "text/csv", "csv")


@router.get(f"{CATALOGUE}.json")
@needs(Permission.CATALOG_READ)
async def catalogue_json(unit: Uses, q: Asked = "", owner: Asked = "", criticality: Asked = "") -> Response:
    """Download the workloads that fit, as JSON."""
    found = Selection(q, owner, criticality).workloads(await store.catalogue(unit.conn))
    rows = [WorkloadOut.of(each, unit.now).model_dump(mode="json") for each in found]
    return _file(msgspec.json.format(msgspec.json.encode(rows)), "application/json", "json")


def _file(body: str | bytes, media_type: str, suffix: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="muster-catalogue.{suffix}"'}
    return Response(body, media_type=media_type, headers=headers)


def _rank(workload: Workload, by: str) -> tuple[Any, ...]:
    if by == "owner":
        return (workload.owner, workload.criticality.rank, workload.name)
    return (workload.criticality.rank, workload.name)


def _row(workload: Workload, unit: Uses) -> dict[str, Any]:
    outside = {ref.workload for each in workload.components for need in each.needs for ref in need} - {workload.name}
    return {
        "id": workload.name,
        "name": workload.name,
        "label": workload.label,
        "url": url_of(workload.name),
        "owner": workload.owner,
        "criticality": workload.criticality.label,
        "deployment": workload.deployment.label,
        "components": len(workload.components),
        "vendor": workload.vendor,
        "needs": sorted(outside),
        "stale": is_stale(workload, unit.now),
        "current_at": max(workload.changed_at, workload.reviewed_at),
    }


def _failure(ref: tuple[str, str]) -> str:
    return f"{url_of(ref[0])}?component={ref[1]}#failure"
