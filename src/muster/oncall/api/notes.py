"""Hand-off notes as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.oncall.actions import own_shifts
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.api.shapes import Name
from muster.oncall.shifts.handoff_note import HandOffNote
from muster.oncall.store import note_rows

router = api_router("/schedules/{name}/handoff-notes", "schedules")


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


@router.get("")
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


@router.post("", status_code=201)
@needs(Permission.SCHEDULE_OVERRIDE)
async def write_note(unit: Uses, name: Name, body: NoteIn) -> NoteOut:
    """Leave a note for whoever is on call next."""
    return NoteOut.of(await own_shifts.write_note(unit, name, body.text), unit.now)


@router.post("/{id}/done")
@needs(Permission.SCHEDULE_OVERRIDE)
async def put_aside(unit: Uses, name: Name, id: UUID) -> NoteOut:
    """Put a note aside."""
    return NoteOut.of(await own_shifts.put_aside(unit, name, id), unit.now)
