"""Taking an incident: from nobody, or from whoever has it (R82)."""

from dataclasses import replace
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.action import ASSIGN
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.asking import still_open
from muster.incidents.actions.guard import authorise, hold
from muster.incidents.actions.roles import give, somebody
from muster.incidents.belongings import ENGINEER
from muster.incidents.incident import Incident, State
from muster.kit.errors import Conflict
from muster.paging.actions.notices import notify


async def take(unit: Unit, ref: str | UUID, note: str = "") -> Incident:
    """Become its On-Call Engineer, acknowledging it where nobody has. Whoever had it is told, and may take it back.

    Raises:
        Missing; Denied: by the plan, which says who may acknowledge and, where somebody has it, who assigns roles;
        Conflict: one has it already, or it is over.
    """
    unit.allow(Permission.INCIDENT_ACKNOWLEDGE)
    held = await hold(unit, ref)
    still_open(held)
    incident, name = held.incident, unit.principal.name
    person = await somebody(unit, name)
    holder = held.roles.get(ENGINEER)
    if incident.state is State.TRIGGERED:
        incident = await acknowledge(unit, incident.id, note)
        held = await hold(unit, incident.id)
        if held.roles.get(ENGINEER) == name:
            return incident
    if holder == name:
        raise Conflict(f"You have {incident.ref} already.")
    if holder is not None:
        authorise(held, ASSIGN)
    await give(unit, replace(held, incident=incident), ENGINEER, person.id, name, note or "Taken.")
    if holder:
        text = f"{name} is its On-Call Engineer now. Take it back if that was not meant: {incident.title}"
        await notify(unit, [holder], f"{name} took {incident.ref} from you", text, "You had it.")
    return incident
