"""What belongs to an incident: roles, notes, links, its record, its alerts, the history of its severity."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field

from muster.alerts.alert import Alert
from muster.alerts.masked import masked_alert
from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions import writing
from muster.incidents.actions.guard import existing
from muster.incidents.actions.roles import end_role
from muster.incidents.api.parts import Body, IncidentOut, Ref, RoleOut, one
from muster.incidents.authority import title_of
from muster.incidents.store import joined, roles, words
from muster.plan import store as plans

router = api_router("/incidents", "incidents")

Text = Annotated[str, Field(max_length=20_000)]


class HoldingOut(RoleOut):
    """Somebody's time in a role."""

    until: datetime | None


class NoteIn(Body):
    """A note in Markdown; `name` where it answers an item of the closure checklist."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    name: Annotated[str, Field(max_length=64)] = ""


class LinkIn(Body):
    """A link to attach."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    label: Annotated[str, Field(max_length=200)] = ""


class EditIn(Body):
    """What is to change; what is left out stays. All but title, summary and workload are fields of the record."""

    title: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    summary: Text | None = None
    workload: Annotated[str, Field(max_length=200)] | None = None
    trigger: Text | None = None
    impact: Text | None = None
    containment: Text | None = None
    triage: Text | None = None
    mitigation: Text | None = None
    resolution: Text | None = None


class NoteOut(BaseModel):
    """A note."""

    id: UUID
    at: datetime
    by: str
    name: str
    text: str


class LinkOut(BaseModel):
    """An attached link."""

    id: UUID
    at: datetime
    by: str
    label: str
    url: str


class SeverityOut(BaseModel):
    """A severity as of an instant."""

    at: datetime
    severity: str
    reason: str
    by: str


class IncidentAlertOut(BaseModel):
    """An alert of the incident."""

    id: UUID
    title: str
    description: str
    status: str
    labels: dict[str, str]
    joined_at: datetime
    starts_at: datetime
    resolved_at: datetime | None
    held: str
    verdict: str | None
    next_step: str

    @classmethod
    def of(cls, alert: Alert, joined_at: datetime) -> "IncidentAlertOut":
        """From the domain value; `held` is the sentence that says why it starts nothing."""
        own = ("id", "title", "description", "labels", "starts_at", "resolved_at", "verdict", "next_step")
        values = {name: getattr(alert, name) for name in own}
        return cls(**values, status=str(alert.status), held=alert.hold_reason, joined_at=joined_at)


@router.get("/{ref}/roles")
@needs(Permission.INCIDENT_READ)
async def list_incident_roles(unit: Uses, ref: Ref) -> list[HoldingOut]:
    """List who held which role from when until when, in order; `until` is missing while it lasts."""
    incident = await existing(unit.conn, ref)
    plan = (await plans.pinned(unit.conn, incident.plan_version_id)).plan
    return [
        HoldingOut(
            role=each.role,
            title=title_of(plan, each.role),
            person=each.person,
            since=each.assigned_at,
            until=each.ended_at,
        )
        for each in await roles.history(unit.conn, incident.id)
    ]


@router.delete("/{ref}/roles/{role}")
@needs(Permission.INCIDENT_ROLES)
async def end_incident_role(
    unit: Uses,
    request: Request,
    ref: Ref,
    role: Annotated[str, Path(max_length=64)],
    reason: Annotated[str, Query(max_length=2000)] = "",
) -> IncidentOut:
    """End somebody's time in a role."""
    await end_role(unit, ref, role, reason)
    return await one(unit.conn, request, await existing(unit.conn, ref))


@router.post("/{ref}/notes", status_code=201)
@needs(Permission.INCIDENT_EDIT)
async def add_note(unit: Uses, ref: Ref, body: NoteIn) -> NoteOut:
    """Write a note."""
    made = await writing.note(unit, ref, body.text, body.name)
    return NoteOut(id=made.id, at=made.at, by=made.by_name, name=made.name, text=made.text)


@router.get("/{ref}/notes")
@needs(Permission.INCIDENT_READ)
async def list_notes(unit: Uses, ref: Ref) -> list[NoteOut]:
    """List the notes, oldest first."""
    found = await words.notes(unit.conn, (await existing(unit.conn, ref)).id)
    return [NoteOut(id=each.id, at=each.at, by=each.by_name, name=each.name, text=each.text) for each in found]


@router.post("/{ref}/links", status_code=201)
@needs(Permission.INCIDENT_EDIT)
async def attach_link(unit: Uses, ref: Ref, body: LinkIn) -> LinkOut:
    """Attach a link."""
    made = await writing.link(unit, ref, body.url, body.label)
    return LinkOut(id=made.id, at=made.at, by=made.by_name, label=made.label, url=made.url)


@router.get("/{ref}/links")
@needs(Permission.INCIDENT_READ)
async def list_links(unit: Uses, ref: Ref) -> list[LinkOut]:
    """List the attached links, oldest first."""
    found = await words.links(unit.conn, (await existing(unit.conn, ref)).id)
    return [LinkOut(id=each.id, at=each.at, by=each.by_name, label=each.label, url=each.url) for each in found]


@router.patch("/{ref}")
@needs(Permission.INCIDENT_EDIT)
async def edit_incident(unit: Uses, request: Request, ref: Ref, body: EditIn) -> IncidentOut:
    """Change title, summary, workload or fields of the record."""
    return await one(unit.conn, request, await writing.edit(unit, ref, writing.Edit(**body.model_dump())))


@router.get("/{ref}/alerts")
@needs(Permission.INCIDENT_READ)
async def list_incident_alerts(
    unit: Uses, ref: Ref, status: joined.Which = "all", after: After = None, limit: Limit = 50
) -> Page[IncidentAlertOut]:
    """List the incident's alerts in the order in which they joined."""
    incident, cursor = await existing(unit.conn, ref), decode(after, datetime, UUID)
    rows = await joined.page(unit.conn, incident.id, status, limit + 1, (cursor[0], cursor[1]) if cursor else None)
    kept, following = page_of(rows, limit, lambda row: (row.at, row.alert.id))
    return Page(items=[IncidentAlertOut.of(masked_alert(row.alert), row.at) for row in kept], next=following)


@router.get("/{ref}/severities")
@needs(Permission.INCIDENT_READ)
async def list_severities(unit: Uses, ref: Ref) -> list[SeverityOut]:
    """List how the severity changed, oldest first."""
    found = await words.severities(unit.conn, (await existing(unit.conn, ref)).id)
    return [SeverityOut(at=each.at, severity=each.severity, reason=each.reason, by=each.by_name) for each in found]
