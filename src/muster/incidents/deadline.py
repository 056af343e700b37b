"""The deadlines of an incident's first phases: acknowledge by, and be reminded when it is acknowledged and forgotten. Pure."""

from datetime import datetime, timedelta

from muster.clocks.clock import ClockKind, ClockSpec, RunningClock
from muster.incidents.incident import Incident
from muster.plan.model.plan import Plan

ACKNOWLEDGE = ClockKind("acknowledge", "incidents")
MITIGATE = ClockKind("mitigate", "incidents")
CLOCKS = (ACKNOWLEDGE, MITIGATE)


def acknowledge_clock(incident: Incident, plan: Plan, since: datetime) -> ClockSpec:
    """Somebody must have acknowledged by then (R75); `since` is when it opened or opened again."""
    return ClockSpec(incident.stream, ACKNOWLEDGE, "Acknowledge", since + _within(plan, incident.severity))


def adjusted(running: RunningClock, incident: Incident, plan: Plan, now: datetime, *, raised: bool) -> ClockSpec:
    """The acknowledge clock after a change of severity, while nobody has acknowledged.

    A graver incident gets the shorter time from now on, never a later end than before; a milder one the longer time from
    its beginning, never an earlier end.
    """
    if raised:
        due = min(running.due_at, now + _within(plan, incident.severity))
    else:
        due = max(running.due_at, running.started_at + _within(plan, incident.severity))
    return ClockSpec(incident.stream, ACKNOWLEDGE, running.label, due, running.data)


def remind_clock(incident: Incident, plan: Plan, now: datetime) -> ClockSpec | None:
    """When to page anew if the incident is not mitigated; None where the plan does not ask for it."""
    after = plan.paging.remind_acknowledged.get(incident.severity)
    return ClockSpec(incident.stream, MITIGATE, "Mitigate", now + after) if after else None


def _within(plan: Plan, severity: str) -> timedelta:
    return plan.severities.get(severity, plan.severities[plan.worst]).acknowledge_within
