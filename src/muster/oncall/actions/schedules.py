"""Creating, changing and deleting schedules, and taking a change back: withdrawn before it takes effect, undone after."""

from datetime import datetime, timedelta

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.oncall.actions.lookup import CHANGED, existing_schedule, record_change, references_of
from muster.oncall.actions.shift_notices import notifying_of_changes
from muster.oncall.events import SCHEDULE_CHANGED, SCHEDULE_CREATED, SCHEDULE_DELETED, SCHEDULE_VERSION_WITHDRAWN
from muster.oncall.happenings import ScheduleDeleting
from muster.oncall.schedules.manifest import differences, write_schedule
from muster.oncall.schedules.schedule import Schedule
from muster.oncall.schedules.version import StoredSchedule, StoredVersion
from muster.oncall.store import schedule_rows
from muster.plan.actions.guard import schedule_in_use

FURTHEST = timedelta(days=366)
_JUST_NOW = timedelta(minutes=1)
"""A form that says now is sent a moment later."""


async def create_schedule(unit: Unit, schedule: Schedule, since: datetime | None = None) -> StoredSchedule:
    """Put a new schedule in force from `since`, or from now (R72).

    Raises:
        Conflict: there is one of this name; Invalid: it names people who cannot be on call, or begins in the past.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    return await add(unit, schedule, since)


async def update_schedule(unit: Unit, name: str, schedule: Schedule, since: datetime | None = None) -> StoredSchedule:
    """Put a new version in force from `since`, or from now; who was on call until then stays as it was.

    Nothing happens without a difference from the newest version.

    Raises:
        Missing; Conflict: a version that takes effect later stands in the way; Invalid: the name changes, it names people
        who cannot be on call, or it begins in the past.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_schedule(unit.conn, name, hold=True)
    if schedule.name != name:
        fault = Fault("name", "A schedule keeps its name: plans and people refer to it.", f"Write name: {name}.")
        raise Invalid("This schedule cannot be renamed.", faults=[fault])
    await change(unit, stored, schedule, since)
    return await existing_schedule(unit.conn, name)


async def delete_schedule(unit: Unit, name: str, reason: str = "") -> None:
    """End a schedule now; its past and its overrides stay in the records, what was to come is withdrawn.

    Raises:
        Missing; Conflict: something still pages by it, with what.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_schedule(unit.conn, name, hold=True)
    deleting = ScheduleDeleting(stored, await schedule_in_use(unit, name))
    await unit.emit(deleting)
    if deleting.objections:
        raise Conflict(f"The schedule {name} is in use.", " ".join(deleting.objections))
    async with notifying_of_changes(unit, name, reason):
        for ahead in await schedule_rows.versions_ahead(unit.conn, stored.id, unit.now):
            await schedule_rows.withdraw_version(unit.conn, stored.id, ahead.number, unit.now, unit.principal.name)
        number = await schedule_rows.add_version(unit.conn, stored.id, None, unit.now, unit.principal.name)
    data = {"name": name, "version": number}
    await record_change(unit, stored, SCHEDULE_DELETED, data, reason)


async def add(unit: Unit, schedule: Schedule, since: datetime | None = None) -> StoredSchedule:
    """Write a new schedule and its event; the caller has checked the permission."""
    begins = begin_of(unit.now, since)
    stands_in = await references_of(unit.conn, schedule)
    id = await schedule_rows.claim_name(unit.conn, new_id(unit.now), schedule.name, unit.now)
    if id is None:
        raise Conflict(f"There is a schedule `{schedule.name}` already.", "Choose another name, or change that one.")
    by = unit.principal.name
    async with notifying_of_changes(unit, schedule.name):
        number = await schedule_rows.add_version(unit.conn, id, schedule, begins, by, stands_in)
    data = {"name": schedule.name, "version": number, "definition": write_schedule(schedule)}
    await record(unit, Event(f"schedule:{id}", SCHEDULE_CREATED, data | _from(unit, begins)))
    unit.publish(CHANGED)
    return await existing_schedule(unit.conn, schedule.name)


async def change(
    unit: Unit, stored: StoredSchedule, schedule: Schedule, since: datetime | None = None, reason: str = ""
) -> list[str]:
    """Write a version that differs from the newest and its event; the caller has checked the permission. Returns what differs."""
    begins = begin_of(unit.now, since)
    stands_in = await references_of(unit.conn, schedule)
    changes = differences(stored.schedule, schedule)
    if not changes:
        return []
    if stored.since > begins:
        raise Conflict(
            f"Version {stored.number} of {stored.name} takes effect at {stored.since:%Y-%m-%d %H:%M} UTC, after this one.",
            f"Withdraw version {stored.number} first, or let this one take effect then or later.",
        )
    by = unit.principal.name
    async with notifying_of_changes(unit, stored.name, reason):
        number = await schedule_rows.add_version(unit.conn, stored.id, schedule, begins, by, stands_in)
    data = {
        "name": schedule.name,
        "version": number,
        "definition": write_schedule(schedule),
        "changes": changes,
    }
    await record_change(unit, stored, SCHEDULE_CHANGED, data | _from(unit, begins), reason)
    return changes


def begin_of(now: datetime, since: datetime | None) -> datetime:
    """From when a version is in force: now where nothing is said.

    Raises:
        Invalid: it would begin in the past, or more than a year ahead.
    """
    if since is None:
        return now
    faults = []
    if since < now - _JUST_NOW:
        faults.append(Fault("from", "Who was on call is never rewritten.", "Write a time that is still to come."))
    if since > now + FURTHEST:
        faults.append(Fault("from", "A version takes effect within 366 days.", "Write an earlier time."))
    if faults:
        raise Invalid("The schedule cannot take effect then.", faults=faults)
    return max(since, now)


def _from(unit: Unit, begins: datetime) -> dict[str, str]:
    return {"from": begins.isoformat()} if begins > unit.now else {}


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
    versions = await _lasting(unit, stored)
    if len(versions) < 2 or versions[1].schedule is None:
        raise Conflict(f"Version {number} is all there is of {name}.", "Delete the schedule instead.")
    async with notifying_of_changes(unit, name, reason):
        await schedule_rows.withdraw_version(unit.conn, stored.id, number, unit.now, unit.principal.name)
    data = {"name": name, "version": number, "from": stored.since.isoformat()}
    await record_change(unit, stored, SCHEDULE_VERSION_WITHDRAWN, data, reason)
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
    versions = await _lasting(unit, stored)
    before = versions[1].schedule if len(versions) > 1 else None
    if before is None:
        raise Conflict(f"{name} has no version before this one.", "Edit the schedule instead.")
    why = reason or f"version {stored.number} was undone: as version {versions[1].number} again"
    await change(unit, stored, before, reason=why)
    return await existing_schedule(unit.conn, name)


async def _lasting(unit: Unit, stored: StoredSchedule) -> list[StoredVersion]:
    """Its versions that were not withdrawn, the newest first."""
    versions = await schedule_rows.versions_of(unit.conn, stored.id)
    return [version for version in versions if version.withdrawn_at is None]
