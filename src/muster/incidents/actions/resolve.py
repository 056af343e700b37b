"""Declaring that the disruption is over (R6)."""

from uuid import UUID

from muster.base.unit import Unit
from muster.incidents import lifecycle
from muster.incidents.action import RESOLVE
from muster.incidents.actions.guard import begin
from muster.incidents.actions.mitigate import filled
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident


async def resolve(unit: Unit, ref: str | UUID, note: str = "") -> Incident:
    """What was disrupted is restored; `note` says how, and fills the record's `resolution` if that is empty.

    Raises:
        Missing; Denied: by the plan; Conflict: the state does not allow it.
    """
    held = await begin(unit, RESOLVE, ref)
    return await transit(
        unit, held.incident, lifecycle.RESOLVE, reason=note, record=filled(held.incident, "resolution", note)
    )
