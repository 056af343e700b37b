"""Declaring that the impact is reduced (R6, R86)."""

from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions.guard import authorise, hold
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident
from muster.incidents.lifecycle import Verb


async def mitigate(unit: Unit, ref: str | UUID, note: str = "") -> Incident:
    """The impact is reduced; `note` says how, and fills the record's `mitigation` if that is empty.

    Raises:
        Missing; Denied: by the plan; Conflict: the state does not allow it.
    """
    unit.allow(Permission.INCIDENT_MITIGATE)
    held = await hold(unit, ref)
    authorise(held, "mitigate", Permission.INCIDENT_MITIGATE)
    return await transit(
        unit, held.incident, Verb.MITIGATE, reason=note, record=filled(held.incident, "mitigation", note)
    )


def filled(incident: Incident, name: str, text: str) -> dict[str, str]:
    """The record with a field filled that was empty."""
    before = incident.record
    return before if before.get(name) or not text.strip() else {**before, name: text.strip()}
