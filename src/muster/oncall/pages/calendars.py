"""Calendars in the browser: what each says, whether it is fresh, adding one by its address or a file (R72)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from fastapi import Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.kit.localtime import to_local
from muster.oncall import store
from muster.oncall.actions import calendars
from muster.oncall.calendars.calendar import Calendar, StoredCalendar
from muster.oncall.calendars.draft import host_of, read_calendar_draft
from muster.oncall.calendars.ical.file import text_of
from muster.oncall.coverage.layers import times_of
from muster.oncall.pages.shared import ON_CALL, TOPICS, Field, Name, Options, url_of
from muster.people import store as people

HERE = f"{ON_CALL}/calendars"
AHEAD = timedelta(days=90)
MOST = 100
KINDS = (("holidays", "Holidays"), ("shifts", "Shifts"))
router = page_router()


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar in the list."""

    calendar: StoredCalendar
    url: str
    source: str
    used_by: str


@dataclass(frozen=True, slots=True)
class CalendarValues:
    """What the form shows."""

    name: str = ""
    entries: str = "holidays"
    title: str = ""
    url: str = ""
    organizers: bool = False


@template("oncall/calendars.html")
@dataclass(frozen=True, slots=True)
class CalendarsPage:
    """Every calendar, and the form for a new one."""

    calendars: Sequence[CalendarRow]
    kinds: Options
    typed: CalendarValues
    problem: Problem | None
    faults: Mapping[str, Fault]
    topics: Sequence[str] = TOPICS


@dataclass(frozen=True, slots=True)
class CalendarShiftRow:
    """A shift that the calendar holds; `people` is empty where it names nobody whom Muster knows."""

    start: datetime
    end: datetime
    people: str
    title: str


@template("oncall/calendar.html")
@dataclass(frozen=True, slots=True)
class CalendarPage:
    """One calendar with its entries of the next 90 days: `more` are not shown, `unmatched` shifts name nobody.

    `schedules` name it, with their addresses; `in_use` says why it cannot be deleted, or is empty.
    """

    calendar: StoredCalendar
    here: str
    source: str
    schedules: Options
    in_use: str
    holidays: Options
    shifts: Sequence[CalendarShiftRow]
    more: int
    unmatched: int
    typed: CalendarValues
    problem: Problem | None
    faults: Mapping[str, Fault]
    topics: Sequence[str] = TOPICS


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
        calendar = await calendars.create_calendar(unit, read_calendar_draft(_document(typed)))
    except (Conflict, Invalid) as problem:
        return await _list(unit, request, typed, problem)
    return see_other(calendar_url(calendar.name))


@router.get(HERE + "/{name}")
@needs(Permission.SCHEDULE_READ)
async def calendar_page(unit: Uses, request: Request, name: Name) -> Response:
    """Show what a calendar says in the next 90 days, who names it, and what is wrong with it."""
    return await _page(unit, request, name, {}, None)


@router.post(HERE + "/{name}")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def change_calendar(unit: Uses, request: Request, name: Name) -> Response:
    """Give a calendar another title, address or file."""
    typed = await _typed(request)
    stored = await calendars.existing_calendar(unit.conn, name)
    document = {**_document(typed), "name": name, "entries": str(stored.kind)}
    if not document.get("url") and not document.get("text"):
        document["url"] = stored.made_from
        document["text"] = "" if stored.made_from else await calendars.kept_text(unit.conn, stored)
    try:
        await calendars.change_calendar(unit, name, read_calendar_draft(document))
    except Invalid as problem:
        return await _page(unit, request, name, typed, problem)
    return see_other(calendar_url(name))


@router.post(HERE + "/{name}/refresh")
@needs(Permission.SCHEDULE_MANAGE)
async def refresh_calendar(unit: Uses, name: Name) -> Response:
    """Read it anew."""
    await calendars.refresh_calendar(unit, name)
    return see_other(calendar_url(name))


@router.post(HERE + "/{name}/delete")
@needs(Permission.SCHEDULE_MANAGE)
async def delete_calendar(unit: Uses, name: Name, reason: Field = "") -> Response:
    """Delete a calendar that no schedule names."""
    await calendars.delete_calendar(unit, name, reason)
    return see_other(HERE)


def calendar_url(name: str) -> str:
    """The page of a calendar."""
    return f"{HERE}/{quote(name, safe='')}"


async def _list(unit: Unit, request: Request, typed: Mapping[str, str], problem: Problem | None) -> Response:
    rows = [
        CalendarRow(
            calendar=stored,
            url=calendar_url(stored.name),
            source=host_of(stored.made_from) or "a file",
            used_by=", ".join(await store.users_of(unit.conn, stored.id, unit.now)) or "no schedule",
        )
        for stored in await store.calendars(unit.conn)
    ]
    page = CalendarsPage(rows, KINDS, _values(typed), problem, by_field(problem))
    return render(request, page, status=problem.status if problem else 200)


async def _page(unit: Unit, request: Request, name: str, typed: Mapping[str, str], problem: Problem | None) -> Response:
    stored = await calendars.existing_calendar(unit.conn, name)
    used_by = await store.users_of(unit.conn, stored.id, unit.now)
    zone = request.state.view.zone
    content = (await store.contents_now(unit.conn, [name], unit.now))[name]
    holidays, shifts = _holidays(content, unit.now, zone), await _shifts(unit, content, zone)
    present = {"title": stored.title, **({"organizers": "yes"} if stored.organizers and not typed else {})}
    page = CalendarPage(
        calendar=stored,
        here=calendar_url(name),
        source=host_of(stored.made_from) or "a file",
        schedules=[(schedule, url_of(schedule)) for schedule in used_by],
        in_use=f"{' and '.join(used_by)} {'name' if len(used_by) > 1 else 'names'} it." if used_by else "",
        holidays=holidays[:MOST],
        shifts=shifts[:MOST],
        more=max(0, len(holidays or shifts) - MOST),
        unmatched=sum(not shift.people for shift in shifts),
        typed=_values({**present, **typed}),
        problem=problem,
        faults=by_field(problem),
    )
    return render(request, page, status=problem.status if problem else 200)


def _holidays(content: Calendar, now: datetime, zone: str) -> list[tuple[str, str]]:
    today, until = to_local(now, zone).date(), (now + AHEAD).date()
    days = [(day, title) for day, title in content.days.items() if today <= day <= until]
    return [(f"{day:%a} {day.day} {day:%B %Y}", title) for day, title in days]


async def _shifts(unit: Unit, content: Calendar, zone: str) -> list[CalendarShiftRow]:
    persons = await people.persons_named(unit.conn, {name for shift in content.shifts for name in shift.people})
    rows = []
    for shift in content.shifts:
        start, end = times_of(shift, zone)
        if end > unit.now and start < unit.now + AHEAD:
            names = [persons[name].full_name if name in persons else name for name in shift.people]
            rows.append(CalendarShiftRow(start, end, " and ".join(names), shift.title))
    return sorted(rows, key=lambda row: row.start)


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


def _document(typed: Mapping[str, str]) -> dict[str, str | bool]:
    texts = {key: typed[key] for key in ("name", "title", "entries", "url", "text") if typed.get(key)}
    return {**texts, "organizers": "organizers" in typed}


def _values(typed: Mapping[str, str]) -> CalendarValues:
    name, title, url = (typed.get(key, "") for key in ("name", "title", "url"))
    return CalendarValues(name, typed.get("entries", "holidays"), title, url, "organizers" in typed)
