"""What the routes share: how an incident reads as JSON, bodies that refuse unknown fields, and references."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from pydantic import BaseModel, ConfigDict, Field

from muster.base.unit import Conn
from muster.base.web.services import services_of
from muster.incidents.authority import title_of
from muster.incidents.belongings import AlertCount, Holding
from muster.incidents.incident import Incident, State
from muster.incidents.store import lists, roles
from muster.people import store as people
from muster.plan import store as plans
from muster.plan.version import Version

Ref = Annotated[str, Path(max_length=64, description="INC-142, 142, or the incident's id.")]
Words = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=64)]


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class RoleOut(BaseModel):
    """Who has a role now."""

    role: str
    title: str
    person: str
    since: datetime


class IncidentOut(BaseModel):
    """An incident as it stands; persons are named, `alerts` counts all, `firing` those that still fire."""

    id: UUID
    ref: str
    title: str
    summary: str
    state: State
    severity: str
    severity_reason: str
    category: str
    workload: str
    component: str
    source: str
    reporter: str | None
    on_behalf_of: str
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    mitigated_at: datetime | None
    mitigated_by: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    false_alarm: bool
    merged_into: str | None
    absorbed: list[str]
    record: dict[str, str]
    roles: list[RoleOut]
    alerts: int
    firing: int
    policies: list[str]
    plan: str
    plan_version: int
    changed_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class _Around:
    versions: dict[UUID, Version]
    holdings: dict[UUID, list[Holding]]
    counts: dict[UUID, AlertCount]
    names: dict[UUID, str]
    merged: dict[UUID, str]
    absorbed: dict[UUID, list[str]]
    base_url: str


async def shown(conn: Conn, request: Request, incidents: Sequence[Incident]) -> list[IncidentOut]:
    """Incidents as JSON, with a handful of queries for any number."""
    ids = [incident.id for incident in incidents]
    persons = {person for incident in incidents for person in _persons(incident).values() if person}
    around = _Around(
        {each: await plans.pinned(conn, each) for each in {incident.plan_version_id for incident in incidents}},
        await roles.held(conn, ids),
        await lists.alert_counts(conn, ids),
        {id: person.name for id, person in (await people.persons_by_id(conn, persons)).items()},
        await lists.refs(conn, [incident.merged_into for incident in incidents if incident.merged_into]),
        await lists.absorbed(conn, ids),
        services_of(request).settings.base_url.rstrip("/"),
    )
    return [_out(incident, around) for incident in incidents]


async def one(conn: Conn, request: Request, incident: Incident) -> IncidentOut:
    """One incident as JSON."""
    (out,) = await shown(conn, request, [incident])
    return out


def _persons(incident: Incident) -> dict[str, UUID | None]:
    return {
        "reporter": incident.reporter_id,
        "acknowledged_by": incident.acknowledged_by,
        "mitigated_by": incident.mitigated_by,
        "resolved_by": incident.resolved_by,
        "closed_by": incident.closed_by,
    }


def _out(incident: Incident, around: _Around) -> IncidentOut:
    version, counted = around.versions[incident.plan_version_id], around.counts.get(incident.id, AlertCount())
    plain = {name: getattr(incident, name) for name in IncidentOut.model_fields if name in Incident.__slots__}
    named = {key: around.names.get(id) if id else None for key, id in _persons(incident).items()}
    held = [
        RoleOut(
            role=holding.role,
            title=title_of(version.plan, holding.role),
            person=holding.person,
            since=holding.assigned_at,
        )
        for holding in around.holdings.get(incident.id, [])
    ]
    values = {
        **plain,
        **named,
        "ref": incident.ref,
        "merged_into": around.merged.get(incident.merged_into) if incident.merged_into else None,
        "absorbed": around.absorbed.get(incident.id, []),
        "roles": held,
        "alerts": counted.all,
        "firing": counted.firing,
        "policies": list(incident.policies),
        "plan": version.name,
        "plan_version": version.number,
        "url": f"{around.base_url}/incidents/{incident.ref}",
    }
    return IncidentOut.model_validate(values)
