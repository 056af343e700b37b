"""What an override would do, by the same evaluator and checks that page: nothing is written (R72, R73)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.actions.lookup import existing_schedule, manages, me_of
from muster.oncall.coverage.override_effects import (
    CoverageChange,
    Reachability,
    Remark,
    coverage_changes,
    remarks,
    with_override,
)
from muster.oncall.coverage.roster import Roster, Version
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.override import Override, OverrideDraft
from muster.oncall.schedules.schedule import Schedule
from muster.oncall.shifts.authority import override_refusal
from muster.people import store as people
from muster.people.person import Person

_MOMENT = timedelta(seconds=1)
"""Less than what pages and forms can say of a time is no effect."""


@dataclass(frozen=True, slots=True)
class OverridePreview:
    """What would change and what to know of it; `refused` says why the onlooker may not do it, or is empty."""

    start: datetime
    end: datetime
    effects: tuple[CoverageChange, ...]
    remarks: tuple[Remark, ...]
    refused: str


async def override_preview(unit: Unit, schedule: str, draft: OverrideDraft, viewer: Viewer) -> OverridePreview:
    """Evaluate an override that is not made; a start that has passed becomes now.

    Raises:
        Missing: no such schedule.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    await existing_schedule(unit.conn, schedule)
    person, start, end = draft.person, max(draft.start, unit.now), draft.end
    if end <= start:
        return OverridePreview(start, end, (), (), "The override would end before it starts.")
    roster = (await store.rosters(unit.conn, [schedule], start, end))[schedule]
    who = await people.person_named(unit.conn, person) if person else None
    override = Override(person, start, end)
    refused = "" if manages(unit) else override_refusal(me_of(unit), person, roster, start, end)
    if person and who is None:
        return OverridePreview(start, end, (), (), f"There is no person `{person:.80}`.")
    others = await _others(unit, schedule, who, start, end) if who else {}
    notes = remarks(roster, override, viewer, others, await _reach(unit, who))
    changed = coverage_changes(roster, with_override(roster, override), start, end)
    return OverridePreview(
        start, end, tuple(change for change in changed if change.end - change.start >= _MOMENT), notes, refused
    )


async def roster_preview(
    unit: Unit, name: str, schedule: Schedule, since: datetime, start: datetime, end: datetime
) -> Roster:
    """A roster in which a definition is in force from `since`, after what was; a new one was always in force.

    `name` is the schedule that is being changed, or empty.
    """
    calendars = await store.contents_now(unit.conn, schedule.calendars, unit.now)
    before = (await store.rosters(unit.conn, [name], start, end)).get(name) if name else None
    if before is None:
        return Roster.of(schedule, (), calendars)
    versions = tuple(version for version in before.versions if version.since < since)
    return replace(before, versions=(*versions, Version(since, schedule, calendars)))


async def _others(unit: Unit, schedule: str, person: Person, start: datetime, end: datetime) -> dict[str, Roster]:
    names = {stored.name for stored in await store.schedules_with(unit.conn, person.id)}
    names |= {override.schedule for override in await store.overrides_of_person(unit.conn, person.id, start, end)}
    return await store.rosters(unit.conn, sorted(names - {schedule}), start, end)


async def _reach(unit: Unit, person: Person | None) -> Reachability:
    if person is None:
        return Reachability()
    contacts = (await people.contacts_of(unit.conn, [person.id])).get(person.id, [])
    return Reachability(person.active, any(contact.verified and contact.active for contact in contacts))
