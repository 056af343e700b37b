"""Incidents as lists show them: owner, age and the next clock of each, in three statements for any number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path

from muster.base.unit import Unit
from muster.clocks import store as clocks
from muster.clocks.clock import RunningClock
from muster.incidents.belongings import ENGINEER, RESPONSE_MANAGER, Holding
from muster.incidents.incident import Incident
from muster.incidents.store import roles
from muster.people import store as people
from muster.people.person import Person
from muster.plan import store as plans

Ref = Annotated[str, Path(max_length=64)]
"""A reference in an address."""


@dataclass(frozen=True, slots=True)
class NextClock:
    """The clock that an incident must meet next."""

    label: str
    due: datetime
    started: datetime


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident in a list; `rank` 1 is the gravest severity, `mine` whether the viewer owns it."""

    id: str
    title: str
    url: str
    severity: str
    rank: int
    state: str
    workload: str
    opened_at: datetime
    ended_at: datetime | None
    owner: str | None
    mine: bool
    false_alarm: bool
    next: NextClock | None


async def rows_of(unit: Unit, incidents: Sequence[Incident]) -> list[IncidentRow]:
    """Incidents as lists show them, in the order given."""
    ids = [incident.id for incident in incidents]
    held = await roles.held(unit.conn, ids)
    running = await clocks.running(unit.conn, [incident.stream for incident in incidents])
    persons = await _persons(unit, incidents, held)
    ranks = [await rank(unit, incident) for incident in incidents]
    return [
        _row(
            unit, incident, place, owner_of(incident, held.get(incident.id, []), persons), running.get(incident.stream)
        )
        for incident, place in zip(incidents, ranks, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class IncidentHead:
    """An incident as the pages below its own name it."""

    ref: str
    title: str
    url: str


def head_of(incident: Incident) -> IncidentHead:
    """How pages below an incident name it."""
    return IncidentHead(incident.ref, incident.title, url_of(incident))


async def rank(unit: Unit, incident: Incident) -> int:
    """The place of an incident's severity in its plan, from 1 for the gravest: shape and colour follow it."""
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    return version.plan.rank(incident.severity) + 1


def owner_of(incident: Incident, held: Sequence[Holding], persons: Mapping[UUID, Person]) -> Person | None:
    """Who has the incident: its manager, else its engineer, else who acknowledged it."""
    by_role = {holding.role: holding.person_id for holding in held}
    chosen = by_role.get(RESPONSE_MANAGER) or by_role.get(ENGINEER) or incident.acknowledged_by
    return persons.get(chosen) if chosen else None


def url_of(incident: Incident, *rest: str) -> str:
    """The page of an incident, or something below it."""
    return "/".join((f"/incidents/{incident.ref}", *rest))


async def _persons(
    unit: Unit, incidents: Sequence[Incident], held: Mapping[UUID, Sequence[Holding]]
) -> dict[UUID, Person]:
    ids = {holding.person_id for holdings in held.values() for holding in holdings}
    ids |= {incident.acknowledged_by for incident in incidents if incident.acknowledged_by}
    return await people.persons_by_id(unit.conn, ids)


def _row(
    unit: Unit, incident: Incident, rank: int, owner: Person | None, running: Sequence[RunningClock] | None
) -> IncidentRow:
    following = running[0] if running and incident.open else None
    return IncidentRow(
        id=incident.ref,
        title=incident.title,
        url=url_of(incident),
        severity=incident.severity,
        rank=rank,
        state=str(incident.state),
        workload="/".join(part for part in (incident.workload, incident.component) if part),
        opened_at=incident.opened_at,
        ended_at=incident.resolved_at or incident.closed_at,
        owner=owner.full_name or owner.name if owner else None,
        mine=owner is not None and owner.id == unit.principal.person_id,
        false_alarm=incident.false_alarm,
        next=NextClock(following.label, following.due_at, following.started_at) if following else None,
    )
