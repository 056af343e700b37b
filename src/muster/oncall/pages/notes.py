"""Leaving a note to whoever follows, and putting it aside, from the pages that show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid
from muster.oncall.actions import handoff_notes
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.pages.shared import ON_CALL, TOPICS, Field, Name, by_field, full_names, see_other, url_of
from muster.oncall.shifts.handoff_note import HandOffNote
from muster.oncall.store import note_rows

HERE = ON_CALL + "/schedules/{name}/notes"
router = page_router()


@template("oncall/notes.html")
@dataclass(frozen=True, slots=True)
class NotesPage:
    """The notes of a schedule that stand and those before, and the text of a new one as it was typed."""

    name: str
    here: str
    standing: Sequence[HandOffNote]
    past: Sequence[HandOffNote]
    full_names: Mapping[str, str]
    text: str
    faults: Mapping[str, Fault]
    topics: Sequence[str] = TOPICS


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def notes_page(unit: Uses, request: Request, name: Name) -> Response:
    """Show a schedule's hand-off notes, and the form for a new one."""
    return await _page(unit, request, name, "", None)


@router.post(HERE)
@needs(Permission.SCHEDULE_OVERRIDE)
async def write_note(unit: Uses, request: Request, name: Name, text: Field = "") -> Response:
    """Leave a note."""
    try:
        await handoff_notes.write_note(unit, name, text)
    except Invalid as problem:
        return await _page(unit, request, name, text, problem)
    return see_other(url_of(name, "notes"))


@router.post(HERE + "/{id}/done")
@needs(Permission.SCHEDULE_OVERRIDE)
async def put_aside(unit: Uses, name: Name, id: UUID, back: Field = "") -> Response:
    """Put a note aside."""
    await handoff_notes.put_aside(unit, name, id)
    return see_other(f"{ON_CALL}/me" if back == "me" else url_of(name, "notes"))


async def _page(unit: Uses, request: Request, name: str, text: str, problem: Invalid | None) -> Response:
    await existing_schedule(unit.conn, name)
    notes = await note_rows.of_schedule(unit.conn, name, limit=100)
    page = NotesPage(
        name=name,
        here=url_of(name),
        standing=[note for note in notes if note.stands(unit.now)],
        past=[note for note in notes if not note.stands(unit.now)],
        full_names=await full_names(unit),
        text=text,
        faults=by_field(problem),
    )
    return render(request, page, status=422 if problem else 200)
