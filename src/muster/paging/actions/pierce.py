"""An incident that has grown graver wakes those whose quiet hours it pierces now."""

from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import Job, cancel, enqueue
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.start import DELIVERY
from muster.paging.notify import pierced
from muster.paging.store import heirs, pages


async def pierce(unit: Unit, incident_id: UUID, ref: str, severity: str) -> None:
    """Let the running pages of an incident go on as of this severity, and send at once what no longer has to wait."""
    await pages.set_severity(unit.conn, incident_id, severity)
    held = await heirs.in_quiet_hours(unit.conn, incident_id)
    if not held:
        return
    persons = await snapshots.reachable(unit, {each.person for each in held})
    ids = [each.id for each in pierced(persons, held, severity, unit.now)]
    moved = await heirs.wake_up(unit.conn, ids, f"{ref} is {severity} now, which pierces quiet hours.", unit.now)
    await cancel(unit, DELIVERY, [str(each) for each in moved])
    await enqueue(unit, [Job(DELIVERY, str(each), urgent=True) for each in moved])
