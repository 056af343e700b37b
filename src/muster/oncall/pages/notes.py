"""Leaving a note to whoever follows, and putting it aside, from the pages that show it."""

from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Invalid
from muster.oncall.actions import handoff_notes
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.pages.parts import ON_CALL, TOPICS, Field, Name, by_field, see_other, url_of
from muster.oncall.store import note_rows
from muster.people import store as people

HERE = ON_CALL + "/schedules/{name}/notes"
router = page_router()


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
    found = await note_rows.of_schedule(unit.conn, name, limit=100)
    return render(
        request,
        "oncall/notes.html",
        status=422 if problem else 200,
        name=name,
        here=url_of(name),
        standing=[each for each in found if each.stands(unit.now)],
        past=[each for each in found if not each.stands(unit.now)],
        full_names={person.name: person.full_name for person in await people.persons(unit.conn)},
        text=text,
        faults=by_field(problem),
        topics=TOPICS,
    )
