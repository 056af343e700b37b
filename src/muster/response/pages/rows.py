"""Incidents as lists show them: owner, age and the next clock of each, in three statements for any number."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from muster.base.unit import Unit
from muster.clocks import store as clocks
from muster.clocks.clock import RunningClock
from muster.incidents.belongings import ENGINEER, RESPONSE_MANAGER, Holding
from muster.incidents.incident import Incident
from muster.incidents.store import roles
from muster.people import store as people
from muster.people.person import Person
from muster.plan import store as plans


async def rows_of(unit: Unit, incidents: Sequence[Incident]) -> list[dict[str, Any]]:
    """The rows of `response/list.html` and `app/now.html`, in the order given."""
    ids = [incident.id for incident in incidents]
    held = await roles.held(unit.conn, ids)
    running = await clocks.running(unit.conn, [incident.stream for incident in incidents])
    known = await _known(unit, incidents, held)
    ranks = [await rank(unit, incident) for incident in incidents]
    return [
        _row(unit, incident, place, owner_of(incident, held.get(incident.id, []), known), running.get(incident.stream))
        for incident, place in zip(incidents, ranks, strict=True)
    ]


async def rank(unit: Unit, incident: Incident) -> int:
    """The place of an incident's severity in its plan, from 1 for the gravest: shape and colour follow it."""
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    return version.plan.rank(incident.severity) + 1


def owner_of(incident: Incident, held: Sequence[Holding], known: Mapping[UUID, Person]) -> Person | None:
    """Who has the incident: its manager, else its engineer, else who acknowledged it."""
    by_role = {each.role: each.person_id for each in held}
    chosen = by_role.get(RESPONSE_MANAGER) or by_role.get(ENGINEER) or incident.acknowledged_by
    return known.get(chosen) if chosen else None


def url_of(incident: Incident, *rest: str) -> str:
    """The page of an incident, or something below it."""
    return "/".join((f"/incidents/{incident.ref}", *rest))


async def _known(
    unit: Unit, incidents: Sequence[Incident], held: Mapping[UUID, Sequence[Holding]]
) -> dict[UUID, Person]:
    ids = {each.person_id for holdings in held.values() for each in holdings}
    ids |= {incident.acknowledged_by for incident in incidents if incident.acknowledged_by}
    return await people.persons_by_id(unit.conn, ids)


def _row(
    unit: Unit, incident: Incident, rank: int, owner: Person | None, running: Sequence[RunningClock] | None
) -> dict[str, Any]:
    following = running[0] if running and incident.open else None
    return {
        "id": incident.ref,
        "ref": incident.ref,
        "title": incident.title,
        "url": url_of(incident),
        "severity": incident.severity,
        "rank": rank,
        "state": str(incident.state),
        "workload": "/".join(each for each in (incident.workload, incident.component) if each),
        "opened_at": incident.opened_at,
        "ended_at": incident.resolved_at or incident.closed_at,
        "owner": owner.full_name or owner.name if owner else None,
        "mine": owner is not None and owner.id == unit.principal.person_id,
        "false_alarm": incident.false_alarm,
        "next": {"label": following.label, "due": following.due_at, "started": following.started_at}
        if following
        else None,
    }
