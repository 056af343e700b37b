"""Paging further by hand: the next step now, or the whole escalation again where every step has run in vain (R69)."""

from uuid import UUID

from muster.base.unit import Unit
from muster.incidents.action import ESCALATE
from muster.incidents.actions.guard import begin
from muster.incidents.actions.paging_again import page_again
from muster.incidents.incident import Incident, State
from muster.paging.actions import escalate as paging
from muster.paging.store import pages


async def escalate(unit: Unit, ref: str | UUID, reason: str = "") -> Incident:
    """Take the next step of what is being paged; an incident that nobody answered is paged anew.

    Raises:
        Missing; Conflict: nobody is being paged since somebody has it, or it is over.
    """
    held = await begin(unit, ESCALATE, ref)
    incident = held.incident
    if incident.state is State.TRIGGERED and not await pages.running(unit.conn, incident.id):
        await page_again(unit, held, reason or f"Nobody answered; {unit.principal.name} escalated by hand.")
        unit.publish("incidents", incident.stream)
    else:
        await paging.escalate(unit, incident.id, reason)
    return incident
