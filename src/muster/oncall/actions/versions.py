"""Taking back what was done to a schedule: a version that has yet to take effect is withdrawn, one in force is undone."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.oncall.actions import schedules
from muster.oncall.actions.lookup import CHANGED, existing_schedule
from muster.oncall.actions.shift_notices import notifying_of_changes
from muster.oncall.events import SCHEDULE_VERSION_WITHDRAWN
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.store import schedule_rows


async def withdraw_version(unit: Unit, name: str, number: int, reason: str = "") -> StoredSchedule:
    """Let the newest version never take effect, before it has.

    Raises:
        Missing: no such schedule; Conflict: the version is in force, not the newest, or the only one.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_schedule(unit.conn, name, hold=True)
    if stored.since <= unit.now:
        raise Conflict(
            f"{name} has no version that has yet to take effect.",
            "Undo the version in force instead: it makes a new one.",
        )
    if stored.number != number:
        raise Conflict(
            f"Version {number} of {name} is not the newest that has yet to take effect: that is {stored.number}.",
            f"Withdraw version {stored.number} first.",
        )
    kept = [
        version for version in await schedule_rows.versions_of(unit.conn, stored.id) if version.withdrawn_at is None
    ]
    if len(kept) < 2 or kept[1].schedule is None:
        raise Conflict(f"Version {number} is all there is of {name}.", "Delete the schedule instead.")
    async with notifying_of_changes(unit, name, reason):
        await schedule_rows.withdraw_version(unit.conn, stored.id, number, unit.now, unit.principal.name)
    data = {"name": name, "version": number, "from": stored.since.isoformat()}
    await record(unit, Event(f"schedule:{stored.id}", SCHEDULE_VERSION_WITHDRAWN, data, reason))
    unit.publish(CHANGED)
    return await existing_schedule(unit.conn, name)


async def undo_schedule(unit: Unit, name: str, reason: str = "") -> StoredSchedule:
    """Take the newest edit back: a new version, equal to the one before it, is in force from now. The past stays.

    Raises:
        Missing; Conflict: the newest has yet to take effect, or there is none before it; Invalid: the one before names
        people who cannot be on call any more.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_schedule(unit.conn, name, hold=True)
    if stored.since > unit.now:
        raise Conflict(
            f"Version {stored.number} of {name} has yet to take effect.", f"Withdraw version {stored.number} instead."
        )
    kept = [
        version for version in await schedule_rows.versions_of(unit.conn, stored.id) if version.withdrawn_at is None
    ]
    before = kept[1].schedule if len(kept) > 1 else None
    if before is None:
        raise Conflict(f"{name} has no version before this one.", "Edit the schedule instead.")
    why = reason or f"version {stored.number} was undone: as version {kept[1].number} again"
    await schedules.change(unit, stored, before, reason=why)
    return await existing_schedule(unit.conn, name)
