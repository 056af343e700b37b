"""Overrides in two taps: take over until the shift ends, or name somebody and a time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Broken, Fault, Invalid, Problem
from muster.kit.localtime import to_instant, to_local
from muster.oncall import store
from muster.oncall.actions import overrides
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import override_preview
from muster.oncall.coverage.spans import ahead
from muster.oncall.pages.parts import (
    ON_CALL,
    TOPICS,
    Asked,
    Field,
    Name,
    by_field,
    see_other,
    url_of,
    viewer_of,
    way_back,
    with_query,
)
from muster.oncall.schedules.notation import read_instant, write_local
from muster.oncall.schedules.override import OverrideDraft
from muster.people import store as people

NOBODY = "-"
LOOK_AHEAD = timedelta(days=14)
HOURS = (1, 4, 8)
router = page_router()


@router.get(ON_CALL + "/schedules/{name}/override")
@needs(Permission.SCHEDULE_OVERRIDE)
async def override_page(
    unit: Uses, request: Request, name: Name, person: Asked = "", start: Asked = "", end: Asked = "", back: Asked = ""
) -> Response:
    """Offer to take over, and ask for any other override, filled with what the address says."""
    zone = request.state.view.zone
    given = {"person": person, "start": _local(start, zone), "end": _local(end, zone), "back": back}
    return await _form(unit, request, name, {key: value for key, value in given.items() if value}, None)


@router.post(ON_CALL + "/schedules/{name}/overrides/foresee")
@needs(Permission.SCHEDULE_OVERRIDE)
async def foresee_override(
    unit: Uses, request: Request, name: Name, person: Field = "", start: Field = "", end: Field = ""
) -> Response:
    """Say what the override that is being written would do; nothing is written."""
    try:
        begin, until = _times(start, end, request.state.view.zone, unit.now)
    except Invalid as problem:
        return render(request, "oncall/foreseen.html", foreseen=None, problem=problem, viewer=None)
    everybody = await people.persons(unit.conn)
    viewer = viewer_of(request, unit, everybody)
    foreseen = await override_preview(
        unit, name, OverrideDraft(None if person == NOBODY else person, begin, until), viewer
    )
    return render(request, "oncall/foreseen.html", foreseen=foreseen, problem=None, viewer=viewer)


@router.post(ON_CALL + "/schedules/{name}/overrides")
@needs(Permission.SCHEDULE_OVERRIDE)
async def add_override(
    unit: Uses,
    request: Request,
    name: Name,
    person: Field = "",
    start: Field = "",
    end: Field = "",
    note: Field = "",
    back: Field = "",
) -> Response:
    """Put somebody on call; times are the viewer's clock unless they say their offset."""
    typed = {"person": person, "start": start, "end": end, "note": note, "back": back}
    try:
        begin, until = _times(start, end, request.state.view.zone, unit.now)
        wanted = None if person == NOBODY else person
        made = await overrides.add_override(unit, name, OverrideDraft(wanted, begin, until, note))
    except Invalid as problem:
        return await _form(unit, request, name, typed, problem)
    return see_other(with_query(way_back(back, name), undo=str(made.id)))


@router.post(ON_CALL + "/schedules/{name}/overrides/{id}/remove")
@needs(Permission.SCHEDULE_OVERRIDE)
async def remove_override(unit: Uses, name: Name, id: UUID, back: Field = "") -> Response:
    """End an override now."""
    await overrides.remove_override(unit, name, id)
    return see_other(with_query(way_back(back, name), undo=""))


async def _form(unit: Unit, request: Request, name: str, typed: dict[str, str], problem: Problem | None) -> Response:
    zone = request.state.view.zone
    await existing_schedule(unit.conn, name)
    roster = (await store.rosters(unit.conn, [name], unit.now, unit.now + timedelta(days=400)))[name]
    span = ahead(roster, unit.now)
    persons = await people.persons(unit.conn)
    me = next((each for each in persons if each.id == unit.principal.person_id), None)
    ends = [(f"Until {write_local(span.end, zone)}", span.end)] if span.end <= unit.now + LOOK_AHEAD else []
    ends += [(f"For {hours} hour{'s' if hours > 1 else ''}", unit.now + timedelta(hours=hours)) for hours in HOURS]
    shown = {each.name: each.full_name for each in persons}
    return render(
        request,
        "oncall/override.html",
        status=422 if problem else 200,
        name=name,
        here=url_of(name),
        back=way_back(typed.get("back", ""), name),
        on_call=" and ".join(shown.get(each, each) for each in span.people) or None,
        several=len(span.people) > 1,
        on_call_me=me is not None and me.name in span.people,
        until=span.end,
        me=me,
        ends=[(label, instant.isoformat()) for label, instant in ends],
        persons=[(each.name, each.full_name) for each in persons] + [(NOBODY, "Nobody, knowingly")],
        typed={**_defaults(unit.now, span.end, zone), **typed},
        chosen=bool(typed.get("start") and typed.get("end")),
        problem=problem,
        faults=by_field(problem),
        topics=TOPICS,
    )


def _defaults(now: datetime, until: datetime, zone: str) -> dict[str, str]:
    end = min(until, now + timedelta(hours=8))
    start = now.replace(second=0)
    return {
        "person": "",
        "start": _typed(start, zone),
        "end": _typed(end.replace(second=0), zone),
        "note": "",
        "back": "",
    }


def _local(text: str, zone: str) -> str:
    try:
        return _typed(read_instant(text), zone)
    except Broken:
        return ""


def _typed(instant: datetime, zone: str) -> str:
    local = to_local(instant, zone)
    return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"


def _times(start: str, end: str, zone: str, now: datetime) -> tuple[datetime, datetime]:
    faults: list[Fault] = []
    found: list[Any] = []
    for field, text in (("start", start), ("end", end)):
        if field == "start" and not text:
            found.append(now)
            continue
        try:
            local = datetime.fromisoformat(text)
            if local.tzinfo is None:
                local = to_instant(local, zone)
            found.append(read_instant(local))
        except ValueError:
            faults.append(Fault(field, "This is not a date and time.", "Choose a day and an hour."))
    if faults:
        raise Invalid("This override cannot be made.", faults=faults)
    return found[0], found[1]
