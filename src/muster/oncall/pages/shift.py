"""One shift: whose it is and why, and giving it away: take it, ask for cover or a swap, or swap two at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Form, Query, Request, Response
from pydantic import BaseModel
from pydantic import Field as Limited

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.kit.interval import Interval
from muster.oncall import store
from muster.oncall.actions import overrides, swaps
from muster.oncall.actions.lookup import existing_schedule, manages
from muster.oncall.actions.previews import override_preview
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import at, spans
from muster.oncall.pages.overrides import PreviewPart, preview_part
from muster.oncall.pages.shared import (
    ON_CALL,
    TOPICS,
    Name,
    Options,
    Text,
    instants,
    persons_of,
    url_of,
    viewer_of,
    viewer_of_rosters,
    way_back,
    with_query,
)
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.shifts.authority import holders
from muster.oncall.shifts.requests import RequestDraft
from muster.oncall.shifts.shift import Shift, shifts_of
from muster.people import store as people

AHEAD = timedelta(days=42)
EVERYBODY = ""
HERE = ON_CALL + "/schedules/{name}/exchange"
Typed = Annotated[str, Limited(max_length=5000)]
router = page_router()


@template("oncall/shift.html")
@dataclass(frozen=True, slots=True)
class ShiftPage:
    """One shift, as a page of its own or in the sheet over the picture; what is left of it begins at `left`.

    `holders` are those on call in it, and whether that is the onlooker; `gap` tells that nobody is, at least in a part. `taking`
    is what it would do if the onlooker took it, None where they cannot.
    """

    name: str
    here: str
    back: str
    left: datetime
    end: datetime
    times: tuple[str, str]
    length: timedelta
    runs: bool
    over: bool
    holders: Sequence[tuple[str, bool]]
    gap: bool
    mine: bool
    me: str
    reason: str
    taking: PreviewPart | None
    topics: Sequence[str] = TOPICS


@router.get(ON_CALL + "/schedules/{name}/shift")
@needs(Permission.SCHEDULE_READ)
async def shift_page(
    unit: Uses, request: Request, name: Name, start: Text = "", end: Text = "", back: Text = ""
) -> Response:
    """Show a shift and what can be done about it."""
    await existing_schedule(unit.conn, name)
    begins, ends = instants(start, end)
    roster = (await store.rosters(unit.conn, [name], begins, max(ends, unit.now)))[name]
    persons = await persons_of(unit.conn, [roster])
    me = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    viewer = viewer_of(request, unit, [*persons.values(), *([me] if me else [])])
    parts = spans(roster, begins, ends)
    holders = tuple(dict.fromkeys(person for part in parts for person in part.people))
    left, over = max(begins, unit.now), ends <= unit.now
    taking = None
    if me and me.name not in holders and not over and not refusal(unit.principal, Permission.SCHEDULE_OVERRIDE):
        preview = await override_preview(unit, name, OverrideDraft(me.name, left, ends), viewer)
        taking = preview_part(preview, viewer)
    page = ShiftPage(
        name=name,
        here=url_of(name),
        back=way_back(back, name),
        left=left,
        end=ends,
        times=(viewer.moment(begins), viewer.moment(ends)),
        length=ends - begins,
        runs=begins <= unit.now < ends,
        over=over,
        holders=[(viewer.name(person), person == viewer.me) for person in holders],
        gap=any(part.is_gap for part in parts),
        mine=viewer.me in holders,
        me=me.name if me else "",
        reason=at(roster, begins if over else left).reason.sentence(),
        taking=taking,
    )
    return render(request, page)


class ExchangeForm(BaseModel):
    """Two shifts and who holds them: `start` to `end`, and `with_start` to `with_end` where it is exchanged.

    `theirs` is the chosen shift in a swap, as `person start end`; without it cover is asked.
    """

    start: Typed = ""
    end: Typed = ""
    with_start: Typed = ""
    with_end: Typed = ""
    person: Typed = ""
    other: Typed = ""
    theirs: Typed = ""
    note: Typed = ""
    back: Typed = ""

    def mine(self) -> Interval:
        """The first shift."""
        return instants(self.start, self.end)

    def exchanged(self) -> Interval | None:
        """The shift that it was dragged onto."""
        return instants(self.with_start, self.with_end) if self.with_start else None

    def draft(self) -> RequestDraft:
        """What is asked of somebody, or of everybody of the schedule."""
        parts = self.theirs.split(" ")
        if len(parts) != 3:
            return RequestDraft(self.mine(), None, self.other or None, self.note)
        return RequestDraft(self.mine(), instants(parts[1], parts[2]), parts[0], self.note)


@dataclass(frozen=True, slots=True)
class ShiftSide:
    """One of two shifts: its times, and the one person who holds all of it (empty where several or nobody do)."""

    start: str
    end: str
    times: str
    person: str
    full_name: str


@template("oncall/exchange.html")
@dataclass(frozen=True, slots=True)
class ExchangePage:
    """Giving a shift away: cover or swap, as a page of its own or in the sheet.

    `shifts` are those to swap for, `chosen` the value of the one that is; `persons` can be asked for cover.
    """

    name: str
    here: str
    back: str
    mine: ShiftSide
    theirs: ShiftSide | None
    is_mine: bool
    manages: bool
    shifts: Options
    chosen: str
    persons: Options
    problem: Problem | None
    faults: Mapping[str, Fault]
    topics: Sequence[str] = TOPICS


@router.get(HERE)
@needs(Permission.SCHEDULE_OVERRIDE)
async def exchange_page(unit: Uses, request: Request, name: Name, typed: Annotated[ExchangeForm, Query()]) -> Response:
    """Offer to give a shift away, or to exchange it for the one that it was dragged onto."""
    return await _page(unit, request, name, typed.mine(), typed.exchanged(), typed.back, None)


@router.post(HERE)
@needs(Permission.SCHEDULE_OVERRIDE)
async def ask(unit: Uses, request: Request, name: Name, typed: Annotated[ExchangeForm, Form()]) -> Response:
    """Ask somebody, or everybody of the schedule."""
    draft = typed.draft()
    try:
        asked = await swaps.ask_swap(unit, name, draft)
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, name, draft.mine, draft.theirs, typed.back, problem)
    return see_other(with_query(way_back(typed.back, name), asked=str(asked.id), undo=""))


@router.post(HERE + "/now")
@needs(Permission.SCHEDULE_MANAGE)
async def exchange_now(unit: Uses, name: Name, typed: Annotated[ExchangeForm, Form()]) -> Response:
    """Put each of two persons into the other's shift, by whoever manages schedules."""
    mine, theirs = typed.mine(), instants(typed.with_start, typed.with_end)
    await overrides.add_override(unit, name, OverrideDraft(typed.other, *mine, f"Swap with {typed.person}"))
    await overrides.add_override(unit, name, OverrideDraft(typed.person, *theirs, f"Swap with {typed.other}"))
    return see_other(with_query(way_back(typed.back, name), undo=""))


async def _page(
    unit: Unit,
    request: Request,
    name: str,
    dragged: Interval,
    target: Interval | None,
    back: str,
    problem: Problem | None,
) -> Response:
    await existing_schedule(unit.conn, name)
    last = max(dragged[1], unit.now + AHEAD, target[1] if target else unit.now)
    roster = (await store.rosters(unit.conn, [name], min(dragged[0], unit.now), last))[name]
    viewer = await viewer_of_rosters(request, unit, [roster])
    mine, theirs = _side(roster, dragged, viewer), _side(roster, target, viewer) if target else None
    if theirs and mine.person != viewer.me == theirs.person:
        mine, theirs = theirs, mine
    others = [shift for shift in shifts_of(name, roster, unit.now, last) if shift.person != viewer.me]
    page = ExchangePage(
        name=name,
        here=url_of(name),
        back=way_back(back, name),
        mine=mine,
        theirs=theirs,
        is_mine=bool(viewer.me) and mine.person == viewer.me,
        manages=manages(unit),
        shifts=[_choice(shift, viewer) for shift in others],
        chosen=f"{theirs.person} {theirs.start} {theirs.end}" if theirs else "",
        persons=[
            (EVERYBODY, f"Everybody of {name}: the first who accepts has it"),
            *((person, viewer.name(person)) for person in dict.fromkeys(shift.person for shift in others)),
        ],
        problem=problem,
        faults=by_field(problem),
    )
    return render(request, page, status=problem.status if problem else 200)


def _side(roster: Roster, time: Interval, viewer: Viewer) -> ShiftSide:
    companies = holders(roster, *time)
    person = companies[0][0] if len(companies) == 1 and len(companies[0]) == 1 else ""
    start, end = time
    full_name = viewer.name(person) if person else ""
    return ShiftSide(start.isoformat(), end.isoformat(), _times(start, end, viewer), person, full_name)


def _choice(shift: Shift, viewer: Viewer) -> tuple[str, str]:
    value = f"{shift.person} {shift.start.isoformat()} {shift.end.isoformat()}"
    return value, f"{viewer.name(shift.person)}: {_times(shift.start, shift.end, viewer)}"


def _times(start: datetime, end: datetime, viewer: Viewer) -> str:
    return f"{viewer.moment(start)} to {viewer.moment(end)}"
