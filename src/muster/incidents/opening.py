"""Decides what a batch of alerts that began makes of the open incidents: who joins what, and what is new. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from muster.alerts.alert import Alert
from muster.incidents.events import INCIDENT_OPENED
from muster.incidents.incident import Incident
from muster.ledger.event import Event
from muster.plan.model.plan import Plan
from muster.plan.triage import Triage
from muster.plan.version import Version


@dataclass(frozen=True, slots=True)
class Triaged:
    """An alert that began, with what the plan says of it and where in the catalogue it belongs."""

    alert: Alert
    triage: Triage
    workload: str
    component: str


@dataclass(slots=True)
class Opening:
    """A new incident: the alerts that open it, the first of which names it; the worst of them gives the severity."""

    group_key: str
    joins_until: datetime
    first: Triaged
    worst: Triaged
    members: list[Triaged] = field(default_factory=list)

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies to page, each once, those of the worst alert first."""
        named = [*self.worst.triage.routed.policies]
        for member in self.members:
            named.extend(member.triage.routed.policies)
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Joining:
    """An alert joins an incident. `worse` is set when it makes it worse than it is, `again` when it belonged to it already."""

    incident: Incident
    member: Triaged
    worse: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of a batch."""

    openings: tuple[Opening, ...]
    joinings: tuple[Joining, ...]


def sort_out(
    plan: Plan,
    began: Sequence[Triaged],
    by_alert: Mapping[UUID, Incident],
    by_group: Mapping[str, Incident],
    now: datetime,
) -> Sorted:
    """Sort alerts into incidents: their own open one first, then an open one of their group, else a new one of the group.

    `by_alert` holds the open incident that an alert already belongs to; `by_group` the newest open one that still takes in.
    """
    openings: dict[str, Opening] = {}
    joinings: list[Joining] = []
    ranks = {incident.id: plan.rank(incident.severity) for incident in (*by_alert.values(), *by_group.values())}
    for member in began:
        key = member.triage.grouped.key
        incident = by_alert.get(member.alert.id) or by_group.get(key)
        rank = plan.rank(member.triage.severity)
        if incident is not None:
            worse = rank < ranks[incident.id]
            ranks[incident.id] = min(rank, ranks[incident.id])
            joinings.append(Joining(incident, member, worse, member.alert.id in by_alert))
        elif opening := openings.get(key):
            opening.members.append(member)
            if rank < plan.rank(opening.worst.triage.severity):
                opening.worst = member
        else:
            openings[key] = Opening(key, now + member.triage.grouped.window, member, member, [member])
    return Sorted(tuple(openings.values()), tuple(joinings))


def opening_event(
    incident: Incident, decided: Triage, version: Version, alerts: Sequence[Alert] = (), **more: str
) -> Event:
    """The event of an incident that has opened: every decision with its reasons, whatever opened it (R60)."""
    reasons = (*decided.category_reasons, *decided.severity_reasons, *decided.routed.reasons, decided.grouped.reason)
    return Event(
        incident.stream,
        INCIDENT_OPENED,
        {
            "ref": incident.ref,
            "title": incident.title,
            "severity": incident.severity,
            "category": incident.category,
            "workload": incident.workload,
            "policies": incident.policies,
            "plan": {"name": version.name, "version": version.number},
            **more,
            "alerts": [{"id": alert.id, "title": alert.title} for alert in alerts],
            "reasons": [reason.as_json() for reason in reasons],
        },
    )
