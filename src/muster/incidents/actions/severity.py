"""Changing how grave an incident is, as the understanding of it changes (R20)."""

from dataclasses import replace
from uuid import UUID

from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.clocks import store as clock_rows
from muster.incidents.action import LOWER_SEVERITY, RAISE_SEVERITY
from muster.incidents.actions.guard import Held, authorise, hold
from muster.incidents.actions.paging_again import page_again, rewatch_mitigation
from muster.incidents.deadline import ACKNOWLEDGE, adjusted
from muster.incidents.events import SEVERITY_CHANGED
from muster.incidents.incident import Incident, State
from muster.incidents.store import incidents as store
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.nearest import did_you_mean
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.pierce import pierce


async def set_severity(unit: Unit, ref: str | UUID, severity: str, reason: str) -> Incident:
    """Raise or lower the severity; the plan says who may do which.

    While nobody has acknowledged, the clock follows. Raised to a severity with a policy of its own (`escalate`), the
    incident is paged to that policy too.

    Raises:
        Missing; Invalid: the plan has no such severity; Denied: by the plan; Conflict: it has it already, or is closed.
    """
    unit.allow(RAISE_SEVERITY.permission)
    held = await hold(unit, ref)
    incident, plan = held.incident, held.version.plan
    if severity not in plan.severities:
        fault = Fault(
            "severity", f"The plan has no severity `{severity:.64}`.", did_you_mean(severity, plan.severities)
        )
        raise Invalid("There is no such severity.", faults=[fault])
    if incident.state is State.CLOSED:
        raise Conflict(f"{incident.ref} is closed.", "Reopen it first.")
    if severity == incident.severity:
        raise Conflict(f"{incident.ref} is {severity} already.")
    raised = plan.rank(severity) < plan.rank(incident.severity)
    authorise(held, RAISE_SEVERITY if raised else LOWER_SEVERITY)
    return await change_severity(unit, held, severity, reason, raised=raised)


async def change_severity(unit: Unit, held: Held, severity: str, reason: str, *, raised: bool) -> Incident:
    """Write a new severity and what follows from it; the caller has decided that it may be."""
    before = held.incident
    after = await store.update(unit.conn, before.id, unit.now, severity=severity, severity_reason=reason)
    await store.add_severities(unit.conn, [(before.id, unit.now, severity, reason, unit.principal.name)])
    await record(unit, Event(before.stream, SEVERITY_CHANGED, {"from": before.severity, "to": severity}, reason))
    changed = replace(held, incident=after)
    if before.state is State.TRIGGERED:
        await _follow(unit, changed, raised=raised)
    elif before.state is State.ACKNOWLEDGED:
        await rewatch_mitigation(unit, changed, raised=raised)
    if raised and before.open:
        await pierce(unit, before.id, before.ref, severity)
        changed = await _page_more(unit, changed, reason)
    unit.publish("incidents", before.stream)
    return changed.incident


async def _follow(unit: Unit, held: Held, *, raised: bool) -> None:
    running = (await clock_rows.running(unit.conn, [held.incident.stream])).get(held.incident.stream, [])
    for clock in running:
        if clock.is_of(ACKNOWLEDGE):
            spec = adjusted(clock, held.incident, held.version.plan, unit.now, raised=raised)
            if spec.due_at != clock.due_at:
                await clocks.drop(unit, [held.incident.stream], ACKNOWLEDGE)
                await clocks.start(unit, [spec])


async def _page_more(unit: Unit, held: Held, reason: str) -> Held:
    incident = held.incident
    # An alert is judged by the plan in force, which may know severities that the pinned one does not.
    severity = held.version.plan.severities.get(incident.severity)
    policy = severity.escalate if severity else None
    if policy is None or policy in incident.policies:
        return held
    after = await store.update(unit.conn, incident.id, unit.now, policies=[*incident.policies, policy])
    why = f"{incident.ref} is {incident.severity} now: {reason}"
    await page_again(unit, replace(held, incident=after), why, (policy,))
    return replace(held, incident=after)
