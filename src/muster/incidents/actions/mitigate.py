"""Declaring that the impact is reduced (R6, R86)."""

from uuid import UUID

from muster.base.unit import Unit
from muster.incidents import lifecycle
from muster.incidents.action import MITIGATE
from muster.incidents.actions.guard import begin
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident


async def mitigate(unit: Unit, ref: str | UUID, note: str = "") -> Incident:
    """The impact is reduced; `note` says how, and fills the record's `mitigation` if that is empty.

    Raises:
        Missing; Denied: by the plan; Conflict: the state does not allow it.
    """
    held = await begin(unit, MITIGATE, ref)
    return await transit(
        unit, held.incident, lifecycle.MITIGATE, reason=note, record=filled(held.incident, "mitigation", note)
    )


def filled(incident: Incident, name: str, text: str) -> dict[str, str]:
    """The record with a field filled that was empty."""
    before = incident.record
    return before if before.get(name) or not text.strip() else {**before, name: text.strip()}
