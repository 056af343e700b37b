"""Declaring that the disruption is over (R6)."""

from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions.guard import authorise, hold
from muster.incidents.actions.mitigate import filled
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident
from muster.incidents.lifecycle import Verb


async def resolve(unit: Unit, ref: str | UUID, note: str = "") -> Incident:
    """What was disrupted is restored; `note` says how, and fills the record's `resolution` if that is empty.

    Raises:
        Missing; Denied: by the plan; Conflict: the state does not allow it.
    """
    unit.allow(Permission.INCIDENT_RESOLVE)
    held = await hold(unit, ref)
    authorise(held, "resolve", Permission.INCIDENT_RESOLVE)
    return await transit(
        unit, held.incident, Verb.RESOLVE, reason=note, record=filled(held.incident, "resolution", note)
    )
