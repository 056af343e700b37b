"""Declaring that there was no disruption; the alerts' fidelity suffers for it (R54)."""

from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions.guard import authorise, hold_with_alerts
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident
from muster.incidents.lifecycle import Verb


async def declare_false_alarm(unit: Unit, ref: str | UUID, reason: str) -> Incident:
    """The incident is resolved as a false alarm: paging stops, and each of its alerts counts as false.

    It is resolved, not closed: the plan's authority over closing still has to agree.

    Raises:
        Missing; Denied: by the plan; Conflict: it is over already.
    """
    unit.allow(Permission.INCIDENT_RESOLVE)
    held = await hold_with_alerts(unit, ref)
    authorise(held, "false_alarm", Permission.INCIDENT_RESOLVE)
    return await transit(unit, held.incident, Verb.FALSE_ALARM, reason=reason, false_alarm=True)
