"""What the pages share: the onlooker, addresses, and the fields of forms."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Form, Path, Query, Request

from muster.base.unit import Conn, Unit
from muster.kit.errors import Broken, Missing
from muster.kit.interval import Interval
from muster.oncall.actions.lookup import CHANGED, me_of
from muster.oncall.coverage.roster import Roster
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.notation import read_instant
from muster.people import store as people
from muster.people.person import Person

TOPICS = (CHANGED, "people")
ON_CALL = "/on-call"
LONGEST = timedelta(days=366)

Name = Annotated[str, Path(max_length=63)]
Text = Annotated[str, Query(max_length=500)]
Field = Annotated[str, Form(max_length=5000)]
Options = Sequence[tuple[str, str]]
"""What a field may hold, each with its label."""


def url_of(name: str, *rest: str) -> str:
    """The page of a schedule, or something below it."""
    return "/".join((f"{ON_CALL}/schedules/{quote(name, safe='')}", *rest))


def shift_url(name: str, start: datetime, end: datetime) -> str:
    """The page of one shift of a schedule."""
    return f"{url_of(name, 'shift')}?{urlencode({'start': start.isoformat(), 'end': end.isoformat()})}"


def instants(start: str, end: str) -> Interval:
    """The time that an address names.

    Raises:
        Missing: it names none.
    """
    try:
        begins, ends = read_instant(start), read_instant(end)
    except Broken as broken:
        raise Missing("This address names no shift.", str(broken)) from None
    if not begins < ends <= begins + LONGEST:
        raise Missing("This address names no shift.", "A shift begins before it ends, and within a year.")
    return begins, ends


def way_back(back: str, name: str) -> str:
    """Where somebody came from, if that is a page of on call; the schedule's own page otherwise."""
    return back if back == ON_CALL or back.startswith((f"{ON_CALL}?", f"{ON_CALL}/")) else url_of(name)


def with_query(url: str, **changes: str) -> str:
    """The same address with some parameters set; an empty value takes one away."""
    path, _, query = url.partition("#")[0].partition("?")
    chosen = {key: value for key, value in {**dict(parse_qsl(query)), **changes}.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


async def persons_of(conn: Conn, rosters: Iterable[Roster]) -> dict[str, Person]:
    """Everybody whom these rosters name."""
    return await people.persons_named(conn, {person for roster in rosters for person in roster.people})


async def full_names(unit: Unit) -> dict[str, str]:
    """How everybody is called, by name."""
    return {person.name: person.full_name for person in await people.persons(unit.conn)}


def viewer_of(request: Request, unit: Unit, persons: Iterable[Person]) -> Viewer:
    """Who looks, and how people are called."""
    return Viewer(request.state.view.zone, me_of(unit), {person.name: person.full_name for person in persons})


async def viewer_of_rosters(request: Request, unit: Unit, rosters: Iterable[Roster]) -> Viewer:
    """Who looks, and how the people of these rosters are called."""
    return viewer_of(request, unit, (await persons_of(unit.conn, rosters)).values())
