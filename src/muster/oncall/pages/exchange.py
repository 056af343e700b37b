"""Giving a shift away with the other's consent: ask for cover or a swap; who manages schedules may swap two at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Conflict, Invalid, Problem
from muster.kit.interval import Interval
from muster.oncall import store
from muster.oncall.actions import overrides, swaps
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.pages.parts import (
    ON_CALL,
    TOPICS,
    Asked,
    Field,
    Name,
    by_field,
    instants,
    persons_of,
    see_other,
    url_of,
    viewer_of,
    way_back,
    with_query,
)
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.shifts.authority import holders
from muster.oncall.shifts.requests import RequestDraft
from muster.oncall.shifts.shift import Shift, shifts_of

AHEAD = timedelta(days=42)
EVERYBODY = ""
router = page_router()


@router.get(ON_CALL + "/schedules/{name}/exchange")
@needs(Permission.SCHEDULE_OVERRIDE)
async def exchange_page(
    unit: Uses,
    request: Request,
    name: Name,
    start: Asked = "",
    end: Asked = "",
    with_start: Asked = "",
    with_end: Asked = "",
    back: Asked = "",
) -> Response:
    """Offer to give a shift away, or to exchange it for the one that it was dragged onto."""
    mine = instants(start, end)
    theirs = instants(with_start, with_end) if with_start else None
    return await _page(unit, request, name, mine, theirs, back, None)


@router.post(ON_CALL + "/schedules/{name}/exchange")
@needs(Permission.SCHEDULE_OVERRIDE)
async def ask(
    unit: Uses,
    request: Request,
    name: Name,
    start: Field = "",
    end: Field = "",
    theirs: Field = "",
    other: Field = "",
    note: Field = "",
    back: Field = "",
) -> Response:
    """Ask somebody, or everybody of the schedule; `theirs` is a shift as `person start end` in a swap."""
    mine = instants(start, end)
    wanted = theirs.split(" ") if theirs else []
    times = instants(wanted[1], wanted[2]) if len(wanted) == 3 else None
    try:
        asked = wanted[0] if times else other or None
        made = await swaps.ask_swap(unit, name, RequestDraft(mine, times, asked, note))
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, name, mine, times, back, problem)
    return see_other(with_query(way_back(back, name), asked=str(made.id), undo=""))


@router.post(ON_CALL + "/schedules/{name}/exchange/now")
@needs(Permission.SCHEDULE_MANAGE)
async def exchange_now(
    unit: Uses,
    name: Name,
    start: Field = "",
    end: Field = "",
    with_start: Field = "",
    with_end: Field = "",
    person: Field = "",
    other: Field = "",
    back: Field = "",
) -> Response:
    """Put each of two persons into the other's shift, by whoever manages schedules."""
    mine, theirs = instants(start, end), instants(with_start, with_end)
    await overrides.add_override(unit, name, OverrideDraft(other, *mine, f"Swap with {person}"))
    await overrides.add_override(unit, name, OverrideDraft(person, *theirs, f"Swap with {other}"))
    return see_other(with_query(way_back(back, name), undo=""))


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
    viewer = viewer_of(request, unit, (await persons_of(unit.conn, [roster])).values())
    held = {span: _one(holders(roster, *span)) for span in (dragged, *([target] if target else []))}
    theirs: Interval | None = target
    if target is not None and held[dragged] != viewer.me == held[target]:
        dragged, theirs = target, dragged
    person, other = held[dragged], held[theirs] if theirs else ""
    others = [each for each in shifts_of(name, roster, unit.now, last) if each.person != viewer.me]
    return render(
        request,
        "oncall/exchange.html",
        status=problem.status if problem else 200,
        name=name,
        here=url_of(name),
        back=way_back(back, name),
        mine=dragged,
        theirs=theirs,
        person=person,
        other=other,
        is_mine=bool(viewer.me) and person == viewer.me,
        manages=not refusal(unit.principal, Permission.SCHEDULE_MANAGE),
        shifts=_choices(others, viewer),
        chosen=f"{other} {theirs[0].isoformat()} {theirs[1].isoformat()}" if theirs else "",
        persons=[
            (EVERYBODY, f"Everybody of {name}: the first who accepts has it"),
            *((each, viewer.name(each)) for each in dict.fromkeys(shift.person for shift in others)),
        ],
        viewer=viewer,
        problem=problem,
        faults=by_field(problem),
        topics=TOPICS,
    )


def _one(companies: Sequence[tuple[str, ...]]) -> str:
    """The one person who holds all of a time, or nothing."""
    return companies[0][0] if len(companies) == 1 and len(companies[0]) == 1 else ""


def _choices(shifts: Sequence[Shift], viewer: Viewer) -> list[tuple[str, str]]:
    return [
        (
            f"{each.person} {each.start.isoformat()} {each.end.isoformat()}",
            _label(each.person, each.start, each.end, viewer),
        )
        for each in shifts
    ]


def _label(person: str, start: datetime, end: datetime, viewer: Viewer) -> str:
    return f"{viewer.name(person)}: {viewer.moment(start)} to {viewer.moment(end)}"
