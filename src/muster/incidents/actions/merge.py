"""Merging an incident into another one: it is the same disruption."""

from uuid import UUID

from muster.base.unit import Unit
from muster.incidents import lifecycle
from muster.incidents.action import MERGE
from muster.incidents.actions.guard import authorise, existing, look
from muster.incidents.actions.severity import change_severity
from muster.incidents.actions.transit import transit
from muster.incidents.events import INCIDENT_ABSORBED
from muster.incidents.incident import Incident, State
from muster.incidents.store import incidents as store
from muster.incidents.store import joined
from muster.kit.errors import Conflict, Fault, Invalid
from muster.ledger.actions import record
from muster.ledger.event import Event


async def merge(unit: Unit, ref: str | UUID, into: str | UUID, reason: str = "") -> Incident:
    """Close `ref` as a part of `into`, which takes its alerts and, where it was graver, its severity.

    Returns the incident that goes on.

    Raises:
        Missing; Invalid: it is the same one; Denied: by either's plan; Conflict: either state does not allow it.
    """
    unit.allow(MERGE.permission)
    asked, goal = await existing(unit.conn, ref), await existing(unit.conn, into)
    if asked.id == goal.id:
        fault = Fault("into", f"{asked.ref} cannot be merged into itself.", "Name the incident that goes on.")
        raise Invalid("Nothing to merge.", faults=[fault])
    # Both are locked in one order, so that two merges across each other do not wait for each other.
    locked = {each.id: each for each in await store.lock_many(unit.conn, [asked.id, goal.id])}
    source, target = await look(unit, locked[asked.id]), await look(unit, locked[goal.id])
    for held in (source, target):
        authorise(held, MERGE)
    if target.incident.state is State.CLOSED:
        what = "was merged itself: name the one that goes on" if target.incident.merged_into else "is closed: reopen it"
        raise Conflict(f"{source.incident.ref} cannot be merged.", f"{target.incident.ref} {what} first.")
    told = {"into": target.incident.id, "into_ref": target.incident.ref, "title": target.incident.title}
    await transit(unit, source.incident, lifecycle.MERGE, reason=reason, data=told, merged_into=target.incident.id)
    taken = await joined.move(unit.conn, source.incident.id, target.incident.id, unit.now)
    absorbed = {"ref": source.incident.ref, "title": source.incident.title, "alerts": taken}
    await record(unit, Event(target.incident.stream, INCIDENT_ABSORBED, absorbed, reason))
    unit.publish("incidents", target.incident.stream)
    plan, graver = target.version.plan, source.incident.severity
    if graver in plan.severities and plan.rank(graver) < plan.rank(target.incident.severity):
        why = f"{source.incident.ref}, which was merged into it, was {graver}."
        return await change_severity(unit, target, graver, why, raised=True)
    return target.incident
