"""Calendars in the browser: what each says, whether it is fresh, adding one by its address or a file (R72)."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Invalid, Problem
from muster.kit.localtime import to_local
from muster.oncall import store
from muster.oncall.actions import calendars
from muster.oncall.calendars.calendar import CalendarKind
from muster.oncall.calendars.draft import host_of, read_calendar_draft
from muster.oncall.calendars.ical.file import text_of
from muster.oncall.coverage.imported_shifts import times_of
from muster.oncall.pages.parts import ON_CALL, TOPICS, Field, Name, by_field, see_other
from muster.people import store as people

HERE = f"{ON_CALL}/calendars"
AHEAD = timedelta(days=90)
MOST = 100
KINDS = [("holidays", "Holidays"), ("shifts", "Shifts")]
EMPTY = {"name": "", "entries": "holidays", "title": "", "url": "", "organizers": ""}
router = page_router()


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def calendars_page(unit: Uses, request: Request) -> Response:
    """Show every calendar with its freshness, and the form for a new one."""
    return await _list(unit, request, {}, None)


@router.post(HERE)
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def add_calendar(unit: Uses, request: Request) -> Response:
    """Add a calendar from an address or a file."""
    typed = await _typed(request)
    try:
        made = await calendars.create_calendar(unit, read_calendar_draft(_draft(typed)))
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return await _list(unit, request, typed, problem)
    return see_other(url_of(made.name))


@router.get(HERE + "/{name}")
@needs(Permission.SCHEDULE_READ)
async def calendar_page(unit: Uses, request: Request, name: Name) -> Response:
    """Show what a calendar says in the next 90 days, who names it, and what is wrong with it."""
    return await _one(unit, request, name, {}, None)


@router.post(HERE + "/{name}")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def change_calendar(unit: Uses, request: Request, name: Name) -> Response:
    """Give a calendar another title, address or file."""
    typed = await _typed(request)
    stored = await calendars.existing_calendar(unit.conn, name)
    try:
        draft = {**_draft(typed), "name": name, "entries": str(stored.kind)}
        if not draft.get("url") and not draft.get("text"):
            source = (
                {"url": stored.made_from}
                if stored.made_from
                else {"text": await calendars.kept_text(unit.conn, stored)}
            )
            draft |= source
        await calendars.change_calendar(unit, name, read_calendar_draft(draft))
    except Invalid as problem:
        return await _one(unit, request, name, typed, problem)
    return see_other(url_of(name))


@router.post(HERE + "/{name}/refresh")
@needs(Permission.SCHEDULE_MANAGE)
async def refresh_calendar(unit: Uses, name: Name) -> Response:
    """Read it anew."""
    await calendars.refresh_calendar(unit, name)
    return see_other(url_of(name))


@router.post(HERE + "/{name}/delete")
@needs(Permission.SCHEDULE_MANAGE)
async def delete_calendar(unit: Uses, name: Name, reason: Field = "") -> Response:
    """Delete a calendar that no schedule names."""
    await calendars.delete_calendar(unit, name, reason)
    return see_other(HERE)


def url_of(name: str) -> str:
    """The page of a calendar."""
    return f"{HERE}/{quote(name, safe='')}"


async def _list(unit: Unit, request: Request, typed: dict[str, str], problem: Problem | None) -> Response:
    found = await store.calendars(unit.conn)
    rows = [
        {
            "stored": each,
            "url": url_of(each.name),
            "source": host_of(each.made_from) or "a file",
            "used_by": await store.users_of(unit.conn, each.id, unit.now),
        }
        for each in found
    ]
    return render(
        request,
        "oncall/calendars.html",
        status=problem.status if problem else 200,
        calendars=rows,
        kinds=KINDS,
        typed={**EMPTY, **typed},
        problem=problem,
        faults=by_field(problem),
        topics=TOPICS,
    )


async def _one(unit: Unit, request: Request, name: str, typed: dict[str, str], problem: Problem | None) -> Response:
    stored = await calendars.existing_calendar(unit.conn, name)
    used_by = await store.users_of(unit.conn, stored.id, unit.now)
    entries = await _entries(unit, request, name)
    return render(
        request,
        "oncall/calendar.html",
        status=problem.status if problem else 200,
        calendar=stored,
        here=url_of(name),
        source=host_of(stored.made_from),
        used_by=used_by,
        schedules=[(each, f"{ON_CALL}/schedules/{quote(each, safe='')}") for each in used_by],
        in_use=f"{' and '.join(used_by)} {'name' if len(used_by) > 1 else 'names'} it." if used_by else "",
        entries=entries[:MOST],
        more=max(0, len(entries) - MOST),
        unmatched=sum(not each["people"] for each in entries if stored.kind is CalendarKind.SHIFTS),
        typed={**EMPTY, "title": stored.title, "organizers": stored.organizers and not typed, **typed},
        faults=by_field(problem),
        problem=problem,
        topics=TOPICS,
    )


async def _entries(unit: Unit, request: Request, name: str) -> list[dict[str, Any]]:
    """What the calendar says in the next 90 days."""
    zone = request.state.view.zone
    content = (await store.contents_now(unit.conn, [name], unit.now))[name]
    today, until = to_local(unit.now, zone).date(), unit.now + AHEAD
    days = [
        {"day": f"{day:%a} {day.day} {day:%B %Y}", "title": title}
        for day, title in content.days.items()
        if today <= day <= until.date()
    ]
    persons = await people.persons_named(unit.conn, {name for each in content.shifts for name in each.people})
    shifts: list[tuple[datetime, dict[str, Any]]] = []
    for each in content.shifts:
        start, end = times_of(each, zone)
        if end > unit.now and start < until:
            names = [persons[person].full_name if person in persons else person for person in each.people]
            shifts.append((start, {"day": "", "start": start, "end": end, "people": names, "title": each.title}))
    return days or [shift for _, shift in sorted(shifts, key=lambda pair: pair[0])]


async def _typed(request: Request) -> dict[str, str]:
    """The fields of the form; a chosen file stands as `text`.

    Raises:
        Invalid: the form cannot be read.
    """
    try:
        form = await request.form()
    except HTTPException as error:
        raise Invalid("The form cannot be read.", str(error.detail)) from error
    typed = {key: value for key, value in form.items() if isinstance(value, str)}
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        typed["text"] = text_of(await file.read())
    return typed


def _draft(typed: dict[str, str]) -> dict[str, str | bool]:
    texts = {key: typed[key] for key in ("name", "title", "entries", "url", "text") if typed.get(key)}
    return {**texts, "organizers": "organizers" in typed}
