"""Putting somebody on call for a time, and taking that back (R72)."""

from datetime import datetime, timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Conn, Unit
from muster.kit.errors import Conflict, Denied, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.kit.nearest import did_you_mean
from muster.oncall.actions.findings import roster_of
from muster.oncall.actions.lookup import existing_schedule, manages, me_of, record_change
from muster.oncall.actions.shift_notices import notifying_of_changes
from muster.oncall.events import OVERRIDE_ADDED, OVERRIDE_REMOVED
from muster.oncall.schedules.override import OverrideDraft, StoredOverride
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.shifts.authority import override_refusal, removal_refusal
from muster.oncall.store import override_rows, request_rows
from muster.oncall.store.roster_rows import as_override
from muster.people import store as people

LONGEST = timedelta(days=366)
"""An override is for an occasion; what lasts longer belongs into the layers."""


async def add_override(unit: Unit, schedule: str, draft: OverrideDraft) -> StoredOverride:
    """Put somebody on call for a time, in place of whoever the layers name, or knowingly nobody.

    A start that has passed becomes now: who was on call is never rewritten. Of overrides that overlap the one made later
    decides; `checks` shows where.

    Raises:
        Missing: no such schedule; Invalid: with every fault of person, times and note; Denied: the time is others' and they
        did not agree (`shifts/authority.py`).
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored = await existing_schedule(unit.conn, schedule, hold=True)
    start, end = max(draft.start, unit.now), draft.end
    faults = time_faults(unit.now, start, end)
    if len(draft.note) > 500:
        faults.append(Fault("note", f"The note has {len(draft.note)} characters; at most 500 fit.", "Shorten it."))
    person_id = await _on_call_person(unit.conn, draft.person, faults) if draft.person is not None else None
    if faults:
        raise Invalid("This override cannot be made.", faults=faults)
    if not manages(unit):
        roster = await roster_of(unit.conn, schedule, start, end)
        _refuse(override_refusal(me_of(unit), draft.person, roster, start, end))
    draft = OverrideDraft(draft.person, start, end, draft.note.strip())
    async with notifying_of_changes(unit, schedule, draft.note):
        return await write_override(unit, stored, person_id, draft)


async def write_override(
    unit: Unit, stored: StoredSchedule, person_id: UUID | None, draft: OverrideDraft
) -> StoredOverride:
    """Write an override and its event; the caller holds the schedule, and has checked who may."""
    id, by = new_id(unit.now), unit.principal.name
    override = StoredOverride(id, stored.name, draft.person, draft.start, draft.end, draft.note, by, unit.now)
    await override_rows.insert_override(unit.conn, stored.id, person_id, override)
    data = {
        "schedule": stored.name,
        "override": str(id),
        "person": override.person,
        "start": override.start,
        "end": override.end,
    }
    await record_change(unit, stored, OVERRIDE_ADDED, data, override.note)
    return override


async def remove_override(unit: Unit, schedule: str, id: UUID, reason: str = "") -> StoredOverride:
    """End an override now; one that has not begun never holds. What it did until now stays.

    Raises:
        Missing: no such override on this schedule; Conflict: it has ended, was removed, or carries out what two people
        agreed; Denied: it is others' (`authority`).
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored = await existing_schedule(unit.conn, schedule)
    override = await override_rows.override(unit.conn, id, hold=True)
    if override is None or override.schedule != schedule:
        raise Missing(f"There is no such override of {schedule}.", f"`muster override list {schedule}` names them.")
    if override.removed_at is not None:
        raise Conflict("This override was removed already.", f"{override.removed_by} did so.")
    if override.end <= unit.now:
        raise Conflict("This override has ended.", "Who was on call is never rewritten; there is nothing to remove.")
    if agreed := await request_rows.of_override(unit.conn, id):
        who = f"{agreed.asker} and {agreed.accepted_by}"
        raise Conflict(
            f"This override carries out a {agreed.kind} that {who} agreed.", f"Undo the {agreed.kind} instead."
        )
    if not manages(unit):
        roster = await roster_of(unit.conn, schedule, unit.now, override.end)
        _refuse(removal_refusal(me_of(unit), as_override(override), roster, unit.now))
    async with notifying_of_changes(unit, schedule, reason):
        return await end_override(unit, stored, override, reason)


async def end_override(unit: Unit, stored: StoredSchedule, override: StoredOverride, reason: str) -> StoredOverride:
    """End an override that holds or will, with its event; the caller has checked who may."""
    await override_rows.end_override(unit.conn, override.id, unit.now, unit.principal.name)
    data = {"schedule": stored.name, "override": str(override.id), "person": override.person, "start": override.start}
    await record_change(unit, stored, OVERRIDE_REMOVED, data | {"end": override.end}, reason)
    return await _removed(unit, override.id)


def _refuse(reason: str) -> None:
    if reason:
        raise Denied("You may not do this.", reason, permission=str(Permission.SCHEDULE_MANAGE))


async def _removed(unit: Unit, id: UUID) -> StoredOverride:
    found = await override_rows.override(unit.conn, id)
    if found is None:
        raise Missing("There is no such override.")
    return found


def time_faults(now: datetime, start: datetime, end: datetime) -> list[Fault]:
    """What is wrong with the times of an override."""
    if end <= now:
        return [Fault("end", "The override would have ended already.", "Write an end in the future.")]
    if end <= start:
        return [Fault("end", "The override ends before it starts.", "Write an end later than the start.")]
    if end - start > LONGEST:
        return [Fault("end", "An override lasts at most 366 days.", "Change the schedule's layers for longer.")]
    return []


async def _on_call_person(conn: Conn, name: str, faults: list[Fault]) -> UUID | None:
    person = await people.person_named(conn, name)
    if person is not None and person.active:
        return person.id
    if person is not None:
        faults.append(Fault("person", f"{person.full_name} ({name}) has left.", "Name somebody who is here."))
    else:
        names = [person.name for person in await people.persons(conn)]
        faults.append(Fault("person", f"There is no person `{name:.80}`.", did_you_mean(name, names)))
    return None
