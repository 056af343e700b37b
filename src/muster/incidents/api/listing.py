"""Finding incidents, and looking at one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.guard import existing
from muster.incidents.api.parts import IncidentOut, Ref, one, shown
from muster.incidents.incident import State
from muster.incidents.store import lists

router = api_router("/incidents", "incidents")

Q = Annotated[str, Query(max_length=200, description="Words of title, summary, workload or reference.")]
States = Annotated[list[State] | None, Query(max_length=5, description="May be given several times.")]
Severities = Annotated[list[str] | None, Query(max_length=20, description="May be given several times.")]
Workload = Annotated[str, Query(max_length=200)]
Mine = Annotated[bool, Query(description="Only those that I have a role in, acknowledged or reported.")]

OfAlert = Annotated[UUID | None, Query(description="Only those that this alert belongs to.")]


def chosen(
    unit: Unit,
    state: list[State] | None,
    severity: list[str] | None,
    q: str,
    workload: str,
    mine: bool,
    alert: UUID | None = None,
) -> lists.IncidentFilter:
    """The filter that these parameters mean; somebody without a person has nothing of their own."""
    nobody = UUID(int=0)
    own = (unit.principal.person_id or nobody) if mine else None
    return lists.IncidentFilter([str(each) for each in state or ()], severity or (), q, workload, own, alert)


@router.get("")
@needs(Permission.INCIDENT_READ)
async def list_incidents(
    unit: Uses,
    request: Request,
    state: States = None,
    severity: Severities = None,
    q: Q = "",
    workload: Workload = "",
    mine: Mine = False,
    alert: OfAlert = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[IncidentOut]:
    """List incidents, newest first."""
    cursor = decode(after, datetime, UUID)
    wanted = chosen(unit, state, severity, q, workload, mine, alert)
    rows = await lists.listing(unit.conn, wanted, limit + 1, (cursor[0], cursor[1]) if cursor else None)
    kept, following = page_of(rows, limit, lambda incident: (incident.opened_at, incident.id))
    return Page(items=await shown(unit.conn, request, kept), next=following)


@router.get("/{ref}")
@needs(Permission.INCIDENT_READ)
async def show_incident(unit: Uses, request: Request, ref: Ref) -> IncidentOut:
    """Show an incident."""
    return await one(unit.conn, request, await existing(unit.conn, ref))
