"""Creating, changing and deleting schedules."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.oncall.actions.guard import CHANGED, existing_schedule, ids_of_people
from muster.oncall.actions.telling import telling_changes
from muster.oncall.difference import differences
from muster.oncall.happenings import ScheduleDeleting
from muster.oncall.schedule import Schedule
from muster.oncall.store import schedule_rows
from muster.oncall.stored import StoredSchedule
from muster.oncall.writing import write_schedule
from muster.plan.actions.guard import schedule_in_use


async def create_schedule(unit: Unit, schedule: Schedule) -> StoredSchedule:
    """Put a new schedule in force from now (R72).

    Raises:
        Conflict: there is one of this name; Invalid: it names people who cannot be on call.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    return await add(unit, schedule)


async def update_schedule(unit: Unit, name: str, schedule: Schedule) -> StoredSchedule:
    """Put a new version in force from now; who was on call until now stays as it was. Nothing happens without a difference.

    Raises:
        Missing; Invalid: the name changes, or it names people who cannot be on call.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_schedule(unit.conn, name, hold=True)
    if schedule.name != name:
        fault = Fault("name", "A schedule keeps its name: plans and people refer to it.", f"Write name: {name}.")
        raise Invalid("This schedule cannot be renamed.", faults=[fault])
    await change(unit, stored, schedule)
    return await existing_schedule(unit.conn, name)


async def delete_schedule(unit: Unit, name: str, reason: str = "") -> None:
    """End a schedule now; its past and its overrides stay in the records.

    Raises:
        Missing; Conflict: something still pages by it, with what.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_schedule(unit.conn, name, hold=True)
    deleting = ScheduleDeleting(stored, await schedule_in_use(unit, name))
    await unit.emit(deleting)
    if deleting.objections:
        raise Conflict(f"The schedule {name} is in use.", " ".join(deleting.objections))
    async with telling_changes(unit, name, reason):
        number = await schedule_rows.add_version(unit.conn, stored.id, None, unit.now, unit.principal.name)
    data = {"name": name, "version": number}
    await record(unit, Event(f"schedule:{stored.id}", "ScheduleDeleted", data, reason))
    unit.publish(CHANGED)


async def add(unit: Unit, schedule: Schedule) -> StoredSchedule:
    """Write a new schedule and its event; the caller has checked the permission."""
    person_ids = await ids_of_people(unit.conn, schedule)
    id = await schedule_rows.claim_name(unit.conn, new_id(unit.now), schedule.name, unit.now)
    if id is None:
        raise Conflict(f"There is a schedule `{schedule.name}` already.", "Choose another name, or change that one.")
    by = unit.principal.name
    async with telling_changes(unit, schedule.name):
        number = await schedule_rows.add_version(unit.conn, id, schedule, unit.now, by, person_ids)
    data = {"name": schedule.name, "version": number, "definition": write_schedule(schedule)}
    await record(unit, Event(f"schedule:{id}", "ScheduleCreated", data))
    unit.publish(CHANGED)
    return await existing_schedule(unit.conn, schedule.name)


async def change(unit: Unit, stored: StoredSchedule, schedule: Schedule) -> list[str]:
    """Write a version that differs and its event; the caller has checked the permission. Returns what differs."""
    person_ids = await ids_of_people(unit.conn, schedule)
    changes = differences(stored.schedule, schedule)
    if not changes:
        return []
    by = unit.principal.name
    async with telling_changes(unit, stored.name):
        number = await schedule_rows.add_version(unit.conn, stored.id, schedule, unit.now, by, person_ids)
    data = {
        "name": schedule.name,
        "version": number,
        "definition": write_schedule(schedule),
        "changes": changes,
    }
    await record(unit, Event(f"schedule:{stored.id}", "ScheduleChanged", data))
    unit.publish(CHANGED)
    return changes
