"""Calendars of holidays and shifts as JSON."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.faults import refused
from muster.oncall import store
from muster.oncall.actions import calendars
from muster.oncall.api.shapes import From, To, interval
from muster.oncall.calendars.calendar import Calendar, CalendarShift, StoredCalendar
from muster.oncall.calendars.draft import CalendarChange, CalendarDraft, host_of

router = api_router("/calendars", "schedules")
Name = Annotated[str, Path(max_length=63, description="The calendar's name.")]
AHEAD = timedelta(days=90)
REFUSAL = "This calendar cannot be used."
Draft = Annotated[CalendarDraft, refused(REFUSAL, CalendarDraft)]
Change = Annotated[CalendarChange, refused(REFUSAL, CalendarChange)]


class CalendarOut(BaseModel):
    """A calendar; `source` is the host of its address, empty where its text was given. Addresses are secrets.

    `read_at` says when it was last read well; while it cannot be, `trouble` says so and what it said before stays. `notes`
    say what was left out of it.
    """

    name: str
    title: str
    entries: str
    source: str
    made_by: str
    created_at: datetime
    tried_at: datetime | None
    read_at: datetime | None
    trouble: str
    notes: list[str]
    organizers: bool

    @classmethod
    def of(cls, stored: StoredCalendar) -> "CalendarOut":
        """From the domain value."""
        return cls(
            name=stored.name,
            title=stored.title,
            entries=str(stored.kind),
            source=host_of(stored.made_from),
            made_by=stored.made_by,
            created_at=stored.created_at,
            tried_at=stored.tried_at,
            read_at=stored.read_at,
            trouble=stored.trouble,
            notes=[*stored.notes],
            organizers=stored.organizers,
        )


class HolidayOut(BaseModel):
    """A holiday, from midnight to midnight on the clocks of whoever names it."""

    day: date
    title: str


class CalendarInFull(CalendarOut):
    """A calendar with the schedules that name it and its entries of a time, the next 90 days where left out."""

    used_by: list[str]
    holidays: list[HolidayOut]
    shifts: list[CalendarShift]


@router.get("")
@needs(Permission.SCHEDULE_READ)
async def list_calendars(unit: Uses, after: After = None, limit: Limit = 50) -> Page[CalendarOut]:
    """List calendars by name."""
    cursor = decode(after, str)
    rows = await store.calendars(unit.conn, after=cursor[0] if cursor else "", limit=limit + 1)
    items, following = page_of(rows, limit, lambda calendar: (calendar.name,))
    return Page(items=[CalendarOut.of(calendar) for calendar in items], next=following)


@router.post("", status_code=201)
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def create_calendar(unit: Uses, draft: Draft) -> CalendarOut:
    """Add a calendar: a text is read at once, an address in the background, and then every hour."""
    return CalendarOut.of(await calendars.create_calendar(unit, draft))


@router.get("/{name}")
@needs(Permission.SCHEDULE_READ)
async def show_calendar(unit: Uses, name: Name, start: From = None, to: To = None) -> CalendarInFull:
    """Show a calendar, who names it, and its entries of a time."""
    begin, end = interval(start, to or (start or unit.now) + AHEAD, unit.now)
    return await _in_full(unit, await calendars.existing_calendar(unit.conn, name), begin, end)


@router.put("/{name}")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def change_calendar(unit: Uses, name: Name, draft: Change) -> CalendarOut:
    """Give a calendar another title, address or text; its name and what it holds stay."""
    return CalendarOut.of(await calendars.change_calendar(unit, name, draft.named(name)))


@router.post("/{name}/refresh", status_code=202)
@needs(Permission.SCHEDULE_MANAGE)
async def refresh_calendar(unit: Uses, name: Name) -> CalendarOut:
    """Read a calendar anew as soon as possible."""
    return CalendarOut.of(await calendars.refresh_calendar(unit, name))


@router.delete("/{name}", status_code=204)
@needs(Permission.SCHEDULE_MANAGE)
async def delete_calendar(unit: Uses, name: Name, reason: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Delete a calendar that no schedule names."""
    await calendars.delete_calendar(unit, name, reason)
    return Response(status_code=204)


async def _in_full(unit: Unit, stored: StoredCalendar, start: datetime, end: datetime) -> CalendarInFull:
    content = (await store.contents_now(unit.conn, [stored.name], unit.now))[stored.name]
    return CalendarInFull(
        **dict(CalendarOut.of(stored)),
        used_by=await store.users_of(unit.conn, stored.id, unit.now),
        holidays=[HolidayOut(day=day, title=title) for day, title in content.days.items() if _within(day, start, end)],
        shifts=_shifts(content, start, end),
    )


def _shifts(content: Calendar, start: datetime, end: datetime) -> list[CalendarShift]:
    return [shift for shift in content.shifts if shift.start.date() <= end.date() and shift.end.date() >= start.date()]


def _within(day: date, start: datetime, end: datetime) -> bool:
    return start.date() <= day <= end.date()
