"""Closing an incident: only through the plan's gate (R188-R192)."""

from muster.base.unit import Unit
from muster.incidents import lifecycle
from muster.incidents.actions.facts import facts_of
from muster.incidents.actions.guard import hold_with_alerts, refused
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident, State
from muster.kit.errors import Conflict, Fault
from muster.response.action import CLOSE
from muster.response.closure import CheckResult, CheckState, gate


async def close(unit: Unit, ref: str, note: str = "") -> Incident:
    """Close a resolved incident; what was checked, attested and by whom stands in the event.

    Raises:
        Missing; Denied: the plan's authority says no, with each reason.
        Conflict: it is not resolved, or items of the checklist are open, each a fault with its reason and what helps.
    """
    unit.allow(CLOSE.permission)
    held = await hold_with_alerts(unit, ref)
    incident = held.incident
    decided = gate(held.version.plan, await facts_of(unit, held), unit.now)
    if decided.authority:
        title = f"You may not close {incident.ref}."
        raise refused(title, held, decided.level, decided.authority, CLOSE.permission)
    blocking = [check for check in decided.checks if check.blocks]
    if incident.state is State.RESOLVED and blocking:
        detail = "The plan's checklist is not met: " + " ".join(each.reason for each in blocking)
        raise Conflict(f"{incident.ref} cannot be closed yet.", detail, [_fault(check) for check in blocking])
    checks = [
        {"check": check.key, "state": check.state, "by": check.by, "reason": _told(check)} for check in decided.checks
    ]
    return await transit(unit, incident, lifecycle.CLOSE, reason=note, data={"checks": checks})


def _told(check: CheckResult) -> str:
    return check.reason if check.state is not CheckState.MET else ""


def _fault(check: CheckResult) -> Fault:
    return Fault(f"closure.{check.key}", check.reason, check.help)
