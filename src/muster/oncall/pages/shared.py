"""What the pages share: the onlooker, addresses, the fields of forms, and taking back what one has just done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID

from fastapi import Form, Path, Query, Request

from muster.base.unit import Conn, Unit
from muster.kit.errors import Broken, Missing
from muster.kit.interval import Interval
from muster.oncall.actions.lookup import CHANGED, me_of
from muster.oncall.coverage.roster import Roster
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.notation import read_instant
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.shifts.requests import RequestState
from muster.oncall.store import override_rows, request_rows
from muster.people import store as people
from muster.people.person import Person

OFFERED_FOR = timedelta(minutes=15)
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


@dataclass(frozen=True, slots=True)
class Undo:
    """What was done, and where it is taken back."""

    text: str
    url: str
    label: str = "Undo"


async def undo_of(unit: Unit, undo: str, asked: str) -> Undo | None:
    """What the address names, if the onlooker did it a short while ago and it still stands: an override or a request."""
    try:
        if undo:
            return await _override(unit, UUID(undo))
        return await _request(unit, UUID(asked)) if asked else None
    except ValueError:
        return None


def undo_of_version(unit: Unit, stored: StoredSchedule, saved: str) -> Undo | None:
    """The version that the address names, if the onlooker saved it a short while ago."""
    if saved != str(stored.number) or stored.made_by != unit.principal.name:
        return None
    here = url_of(stored.name)
    if stored.since > unit.now:
        return Undo(f"Version {stored.number} is saved and will take effect.", f"{here}/withdraw", "Withdraw")
    if stored.number == 1 or stored.since < unit.now - OFFERED_FOR:
        return None
    return Undo(f"Version {stored.number} is in force.", f"{here}/undo")


async def _override(unit: Unit, id: UUID) -> Undo | None:
    override = await override_rows.override(unit.conn, id)
    if override is None or override.removed_at or override.made_by != unit.principal.name:
        return None
    if override.created_at < unit.now - OFFERED_FOR or override.end <= unit.now:
        return None
    person = await people.person_named(unit.conn, override.person) if override.person else None
    who = person.full_name if person else "Nobody"
    url = url_of(override.schedule, "overrides", str(override.id), "remove")
    return Undo(f"{who} is put on call by {override.schedule}.", url)


async def _request(unit: Unit, id: UUID) -> Undo | None:
    request = await request_rows.request(unit.conn, id)
    if request is None or request.asker != unit.principal.name or request.state is not RequestState.OPEN:
        return None
    persons = await people.persons_named(unit.conn, request.waiting)
    who = " and ".join(person.full_name for person in persons.values())
    url = f"{ON_CALL}/requests/{request.id}/withdraw"
    return Undo(f"Asked: {who}. Nothing changes until somebody agrees.", url, "Withdraw")
