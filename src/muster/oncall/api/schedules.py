"""Schedules, their versions and their hand-off notes as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.oncall import store
from muster.oncall.actions import own_shifts, schedules
from muster.oncall.actions.findings import AHEAD, findings_of, roster_of
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.api.shapes import Definition, Effect, Name, SavedOut, ScheduleOut, VersionOut, Why
from muster.oncall.schedules.version import StoredSchedule, VersionState
from muster.oncall.shifts.handoff_note import HandOffNote
from muster.oncall.store import note_rows

router = api_router("/schedules", "schedules")
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
@needs(Permission.SCHEDULE_READ)
async def list_schedules(
    unit: Uses,
    q: Annotated[str, Query(max_length=63, description="A part of the name.")] = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ScheduleOut]:
    """List schedules by name."""
    cursor = decode(after, str)
    rows = await store.schedules(unit.conn, search=q, after=cursor[0] if cursor else "", limit=limit + 1)
    items, following = page_of(rows, limit, lambda schedule: (schedule.name,))
    return Page(items=[ScheduleOut.of(stored) for stored in items], next=following)


@router.post("", status_code=201)
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def create_schedule(unit: Uses, definition: Definition, since: Effect = None) -> SavedOut:
    """Create a schedule; it is in force at once, or from when it says."""
    return await _saved(unit, await schedules.create_schedule(unit, definition.schedule(), since))


@router.get("/{name}")
@needs(Permission.SCHEDULE_READ)
async def show_schedule(unit: Uses, name: Name) -> SavedOut:
    """Show a schedule as it is in force, what to look at in its next 90 days, and what has yet to take effect."""
    return await _saved(unit, await existing_schedule(unit.conn, name, now=unit.now))


@router.put("/{name}")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def change_schedule(unit: Uses, name: Name, definition: Definition, since: Effect = None) -> SavedOut:
    """Put a new version of a schedule in force, now or later; who was on call until then stays as it was."""
    return await _saved(unit, await schedules.update_schedule(unit, name, definition.schedule(), since))


@router.delete("/{name}", status_code=204)
@needs(Permission.SCHEDULE_MANAGE)
async def delete_schedule(unit: Uses, name: Name, reason: Annotated[str, Query(max_length=500)] = "") -> Response:
    """End a schedule by which nothing pages."""
    await schedules.delete_schedule(unit, name, reason)
    return Response(status_code=204)


@router.get("/{name}/versions")
@needs(Permission.SCHEDULE_READ)
async def list_versions(unit: Uses, name: Name, after: After = None, limit: Limit = 50) -> Page[VersionOut]:
    """List the versions of a schedule, the newest first."""
    stored = await existing_schedule(unit.conn, name)
    cursor = decode(after, int)
    before = min(cursor[0], 2**31 - 1) if cursor else None
    rows = await store.versions_of(unit.conn, stored.id, before=before, limit=limit + 1)
    items, following = page_of(rows, limit, lambda row: (row.number,))
    current = await store.schedule_at(unit.conn, name, unit.now)
    in_force = current.number if current and current.since <= unit.now else None
    return Page(items=[VersionOut.of(version, version.state(in_force)) for version in items], next=following)


@router.post("/{name}/versions/{number}/withdraw")
@needs(Permission.SCHEDULE_MANAGE)
async def withdraw_version(unit: Uses, name: Name, number: Number, reason: Why) -> SavedOut:
    """Withdraw the newest version before it takes effect."""
    return await _saved(unit, await schedules.withdraw_version(unit, name, number, reason))


@router.post("/{name}/undo")
@needs(Permission.SCHEDULE_MANAGE)
async def undo_schedule(unit: Uses, name: Name, reason: Why) -> SavedOut:
    """Take the newest edit back: a version equal to the one before it is in force from now."""
    return await _saved(unit, await schedules.undo_schedule(unit, name, reason))


async def _saved(unit: Unit, stored: StoredSchedule) -> SavedOut:
    end = unit.now + AHEAD
    roster = await roster_of(unit.conn, stored.name, unit.now, end)
    ahead = await store.versions_ahead(unit.conn, stored.id, unit.now)
    return SavedOut(
        **dict(ScheduleOut.of(stored)),
        findings=await findings_of(unit.conn, roster, unit.now, end),
        ahead=[VersionOut.of(version, VersionState.AHEAD) for version in ahead],
    )


class NoteOut(BaseModel):
    """A note in Markdown; `stands` until somebody puts it aside or fourteen days have passed."""

    id: UUID
    schedule: str
    author: str
    text: str
    written_at: datetime
    stands: bool
    done_at: datetime | None
    done_by: str

    @classmethod
    def of(cls, note: HandOffNote, now: datetime) -> "NoteOut":
        """From the domain value."""
        same = ("id", "schedule", "author", "text", "written_at", "done_at", "done_by")
        return cls(**{name: getattr(note, name) for name in same}, stands=note.stands(now))


class NoteIn(BaseModel):
    """What whoever follows should know."""

    model_config = ConfigDict(extra="forbid")

    text: str


@router.get("/{name}/handoff-notes")
@needs(Permission.SCHEDULE_READ)
async def list_notes(
    unit: Uses,
    name: Name,
    standing: Annotated[bool, Query(description="Only those that still stand.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[NoteOut]:
    """List the hand-off notes of a schedule, the newest first."""
    await existing_schedule(unit.conn, name)
    if standing:
        notes = await note_rows.standing(unit.conn, [name], unit.now)
        return Page(items=[NoteOut.of(note, unit.now) for note in notes])
    cursor = decode(after, UUID)
    rows = await note_rows.of_schedule(unit.conn, name, before=cursor[0] if cursor else None, limit=limit + 1)
    items, following = page_of(rows, limit, lambda row: (str(row.id),))
    return Page(items=[NoteOut.of(note, unit.now) for note in items], next=following)


@router.post("/{name}/handoff-notes", status_code=201)
@needs(Permission.SCHEDULE_OVERRIDE)
async def write_note(unit: Uses, name: Name, body: NoteIn) -> NoteOut:
    """Leave a note for whoever is on call next."""
    return NoteOut.of(await own_shifts.write_note(unit, name, body.text), unit.now)


@router.post("/{name}/handoff-notes/{id}/done")
@needs(Permission.SCHEDULE_OVERRIDE)
async def put_aside(unit: Uses, name: Name, id: UUID) -> NoteOut:
    """Put a note aside."""
    return NoteOut.of(await own_shifts.put_aside(unit, name, id), unit.now)
