"""Declaring that there was no disruption; the alerts' fidelity suffers for it (R54)."""

from uuid import UUID

from muster.base.unit import Unit
from muster.incidents import lifecycle
from muster.incidents.action import FALSE_ALARM
from muster.incidents.actions.guard import begin
from muster.incidents.actions.transit import transit
from muster.incidents.incident import Incident


async def declare_false_alarm(unit: Unit, ref: str | UUID, reason: str) -> Incident:
    """The incident is resolved as a false alarm: paging stops, and each of its alerts counts as false.

    It is resolved, not closed: the plan's authority over closing still has to agree.

    Raises:
        Missing; Denied: by the plan; Conflict: it is over already.
    """
    held = await begin(unit, FALSE_ALARM, ref, alerts=True)
    return await transit(unit, held.incident, lifecycle.FALSE_ALARM, reason=reason, false_alarm=True)
