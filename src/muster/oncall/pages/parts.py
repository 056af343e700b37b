"""What the pages share: the viewer, the week that is shown, addresses and redirects."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from muster.base.unit import Conn, Unit
from muster.kit.errors import Fault, Problem
from muster.oncall.actions.guard import CHANGED
from muster.oncall.coverage import Roster
from muster.oncall.picture import Viewer, midnight, monday
from muster.people import store as people
from muster.people.person import Person

TOPICS = [CHANGED, "people"]
ON_CALL = "/on-call"

Name = Annotated[str, Path(max_length=63)]
Asked = Annotated[str, Query(max_length=500)]
Field = Annotated[str, Form(max_length=5000)]


def url_of(name: str, *rest: str) -> str:
    """The page of a schedule, or something below it."""
    return "/".join((f"{ON_CALL}/schedules/{quote(name, safe='')}", *rest))


def see_other(url: str) -> Response:
    """Go there after a form was done."""
    return RedirectResponse(url, 303)


def by_field(problem: Problem | None) -> dict[str, Fault]:
    """The first fault of each field of a form."""
    found: dict[str, Fault] = {}
    for fault in problem.faults if problem else ():
        found.setdefault(fault.field, fault)
    return found


def week_of(asked: str, now: datetime, zone: str) -> date:
    """The Monday of the week that is asked for, or of this one when that cannot be read."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return monday(now, zone)
    if not 1991 <= day.year <= 2199:
        return monday(now, zone)
    return day - timedelta(days=day.weekday())


def shown_place(now: datetime, start: datetime, end: datetime) -> float | None:
    """Where the present stands on a track, in percent, if it is on it."""
    return round((now - start) / (end - start) * 100, 3) if start <= now < end else None


def edges_of(first: date, days: int, zone: str) -> tuple[datetime, datetime]:
    """The instants between which days lie."""
    return midnight(first, zone), midnight(first + timedelta(days=days), zone)


async def persons_of(conn: Conn, rosters: Iterable[Roster]) -> dict[str, Person]:
    """Everybody whom these rosters name."""
    named: set[str] = set()
    for roster in rosters:
        named.update(each.person for each in roster.overrides if each.person)
        for version in roster.versions:
            named.update(version.schedule.people if version.schedule else ())
    return await people.persons_named(conn, named)


def viewer_of(request: Request, unit: Unit, persons: Iterable[Person]) -> Viewer:
    """Who looks, and how people are called."""
    me = unit.principal.name if unit.principal.person_id else ""
    return Viewer(request.state.view.zone, me, {person.name: person.full_name for person in persons})
