"""The catalogue as a whole: its workloads by criticality or owner, what nothing stands in for, and the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Query, Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import Tab, template
from muster.catalog import store
from muster.catalog.api.shapes import WorkloadOut
from muster.catalog.drawing import Drawing
from muster.catalog.pages.parts import CATALOGUE, TOPICS, Asked, address, failure_of, url_of
from muster.catalog.selection import Selection, is_stale
from muster.catalog.table import csv_text
from muster.catalog.workload import Criticality, Workload

router = page_router()
PAGE, MOST_POINTS = 100, 6
ORDERS = ("criticality", "owner")


@dataclass(frozen=True, slots=True)
class WorkloadFilter:
    """What the list is narrowed to, as typed, and its order."""

    q: str
    owner: str
    criticality: str
    by: str


@dataclass(frozen=True, slots=True)
class WorkloadRow:
    """A workload in the list; `needs` are the other workloads that it depends on."""

    name: str
    label: str
    url: str
    owner: str
    criticality: str
    components: int
    vendor: str
    needs: Sequence[str]
    stale: bool
    current_at: datetime

    @property
    def id(self) -> str:
        """By what the row is told from others."""
        return self.name


@dataclass(frozen=True, slots=True)
class PointRow:
    """A single point of failure: the business-critical ones that it `stops`, and how many stop in all."""

    ref: str
    url: str
    stops: Sequence[str]
    reach: int


@template("catalog/list.html")
@dataclass(frozen=True, slots=True)
class WorkloadList:
    """The catalogue: `rows` of those that fit, tabs to order them, the gravest single points of failure, and `stale` ones."""

    empty: bool
    rows: Sequence[WorkloadRow]
    filters: WorkloadFilter
    owners: Sequence[str]
    criticalities: Sequence[tuple[str, str]]
    orders: Sequence[Tab]
    order: str
    shown: int
    total: int
    previous: str
    following: str
    csv: str
    json: str
    points: Sequence[PointRow]
    more_points: int
    stale: Sequence[WorkloadRow]
    drawing: Drawing | None
    topics: Sequence[str] = TOPICS


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
    fitting = sorted(chosen.workloads(catalogue), key=lambda workload: _rank(workload, by))
    shown = fitting[(page - 1) * PAGE : page * PAGE]
    filters = {"q": q, "owner": owner, "criticality": criticality}
    view = WorkloadList(
        empty=not catalogue.workloads,
        rows=[_row(workload, unit) for workload in shown],
        filters=WorkloadFilter(**filters, by=by),
        owners=sorted({name for workload in catalogue.workloads for name in workload.owners}),
        criticalities=[(degree.value, degree.label.capitalize()) for degree in Criticality],
        orders=[Tab(f"By {order}", address(CATALOGUE, **filters, by=order)) for order in ORDERS],
        order=f"By {by}",
        shown=len(shown),
        total=len(fitting),
        previous=address(CATALOGUE, **filters, by=by, page=page - 1) if page > 1 else "",
        following=address(CATALOGUE, **filters, by=by, page=page + 1) if len(fitting) > page * PAGE else "",
        csv=address(f"{CATALOGUE}.csv", **filters),
        json=address(f"{CATALOGUE}.json", **filters),
        points=[
            PointRow(str(point.ref), failure_of(*point.ref), [str(ref) for ref in point.stops], point.reach)
            for point in points[:MOST_POINTS]
        ],
        more_points=max(0, len(points) - MOST_POINTS),
        stale=[_row(workload, unit) for workload in catalogue.workloads if is_stale(workload, unit.now)][:MOST_POINTS],
        drawing=survey.drawing,
    )
    return render(request, view)


@router.get(f"{CATALOGUE}.csv")
@needs(Permission.CATALOG_READ)
async def catalogue_csv(unit: Uses, q: Asked = "", owner: Asked = "", criticality: Asked = "") -> Response:
    """Download the workloads and components that fit, as CSV."""
    workloads = Selection(q, owner, criticality).workloads(await store.catalogue(unit.conn))
    return _file(csv_text(workloads), "text/csv", "csv")


@router.get(f"{CATALOGUE}.json")
@needs(Permission.CATALOG_READ)
async def catalogue_json(unit: Uses, q: Asked = "", owner: Asked = "", criticality: Asked = "") -> Response:
    """Download the workloads that fit, as JSON."""
    workloads = Selection(q, owner, criticality).workloads(await store.catalogue(unit.conn))
    rows = [WorkloadOut.of(workload, unit.now).model_dump(mode="json") for workload in workloads]
    return _file(msgspec.json.format(msgspec.json.encode(rows)), "application/json", "json")


def _file(body: str | bytes, media_type: str, suffix: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="muster-catalogue.{suffix}"'}
    return Response(body, media_type=media_type, headers=headers)


def _rank(workload: Workload, by: str) -> tuple[Any, ...]:
    if by == "owner":
        return (workload.owner, workload.criticality.rank, workload.name)
    return (workload.criticality.rank, workload.name)


def _row(workload: Workload, unit: Uses) -> WorkloadRow:
    needed = {ref.workload for component in workload.components for need in component.needs for ref in need}
    return WorkloadRow(
        name=workload.name,
        label=workload.label,
        url=url_of(workload.name),
        owner=workload.owner,
        criticality=workload.criticality.label,
        components=len(workload.components),
        vendor=workload.vendor,
        needs=sorted(needed - {workload.name}),
        stale=is_stale(workload, unit.now),
        current_at=max(workload.changed_at, workload.reviewed_at),
    )
