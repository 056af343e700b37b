"""The editor: a schedule as its manifest, with its coverage and findings shown before it is saved."""

from typing import Any

import yaml
from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.yamldoc import Document, read_documents
from muster.oncall import store
from muster.oncall.actions import schedules
from muster.oncall.actions.checking import AHEAD, findings_of
from muster.oncall.actions.guard import existing_schedule
from muster.oncall.coverage import Roster
from muster.oncall.pages.blocks import picture_of
from muster.oncall.pages.parts import (
    ON_CALL,
    Field,
    Name,
    persons_of,
    see_other,
    url_of,
    viewer_of,
)
from muster.oncall.picture import AROUND
from muster.oncall.reading import read_schedule
from muster.oncall.schedule import Schedule
from muster.oncall.store.roster_rows import as_override
from muster.oncall.stretch import Breadth, monday, read_stretch
from muster.oncall.writing import write_schedule

router = page_router()


@router.get(ON_CALL + "/new")
@needs(Permission.SCHEDULE_MANAGE)
async def new_schedule_page(unit: Uses, request: Request) -> Response:
    """Begin a schedule with oneself in it."""
    zone = request.state.view.zone
    me = unit.principal.name if unit.principal.person_id else "ana"
    start = monday(unit.now, zone).isoformat()
    layer = {"name": "weekly", "people": [me], "rotate": "weekly", "hand_off": "Mon 09:00", "start": start}
    return _form(request, "", _yaml({"name": "primary", "time_zone": zone, "layers": [layer]}))


@router.get(ON_CALL + "/schedules/{name}/edit")
@needs(Permission.SCHEDULE_MANAGE)
async def edit_schedule_page(unit: Uses, request: Request, name: Name) -> Response:
    """Edit a schedule's manifest."""
    stored = await existing_schedule(unit.conn, name)
    return _form(request, name, _yaml(write_schedule(stored.schedule)))


@router.post(ON_CALL + "/save")
@needs(Permission.SCHEDULE_MANAGE)
async def save_schedule(
    unit: Uses, request: Request, definition: Field = "", name: Field = "", verb: Field = "preview"
) -> Response:
    """Show what the definition would say, or put it in force; `name` is empty for a new schedule."""
    try:
        schedule = _read(definition)
        if verb != "save":
            return await _preview(unit, request, name, definition, schedule)
        if name:
            await schedules.update_schedule(unit, name, schedule)
        else:
            await schedules.create_schedule(unit, schedule)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return _form(request, name, definition, problem=_placed(problem, definition), status=problem.status)
    return see_other(url_of(schedule.name))


async def _preview(unit: Unit, request: Request, name: str, definition: str, schedule: Schedule) -> Response:
    return _form(request, name, definition, shown=await _shown(unit, request, schedule))


async def _shown(unit: Unit, request: Request, schedule: Schedule) -> dict[str, Any]:
    """The next fortnight by a definition, and what would be wrong with its next 90 days."""
    zone = request.state.view.zone
    stretch = read_stretch(Breadth.FORTNIGHT, "", unit.now, zone)
    start, _ = stretch.edges(zone)
    overrides = await store.overrides_of(unit.conn, [schedule.name], start - AROUND, unit.now + AHEAD)
    roster = Roster.of(schedule, map(as_override, overrides))
    viewer = viewer_of(request, unit, (await persons_of(unit.conn, [roster])).values())
    return {
        "picture": picture_of(schedule, roster, stretch, viewer, unit.now, None),
        "findings": await findings_of(unit.conn, roster, unit.now, unit.now + AHEAD),
    }


def _form(
    request: Request,
    name: str,
    definition: str,
    *,
    shown: dict[str, Any] | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "oncall/edit.html",
        status=status,
        back=url_of(name) if name else ON_CALL,
        name=name,
        definition=definition,
        shown=shown,
        problem=problem,
    )


def _read(definition: str) -> Schedule:
    """The one schedule that was written.

    Raises:
        Invalid: with every fault.
    """
    read = read_documents(definition)
    if read.faults:
        raise Invalid("This is not YAML that Muster can read.", faults=read.faults)
    if len(read.documents) != 1:
        fault = Fault("", f"There are {len(read.documents)} documents here.", "Write one schedule.")
        raise Invalid("This schedule cannot be used.", faults=[fault])
    return read_schedule(read.documents[0].data)


def _placed(problem: Problem, definition: str) -> Problem:
    """The same refusal, each fault with its line."""
    documents = read_documents(definition).documents
    if len(documents) != 1:
        return problem
    faults = [fault if fault.line else _at_line(fault, documents[0]) for fault in problem.faults]
    return Invalid(problem.title, problem.detail, faults)


def _at_line(fault: Fault, document: Document) -> Fault:
    path = tuple(int(part) if part.isdecimal() else part for part in fault.field.split(".") if part)
    line, column = document.mark(path)
    return Fault(fault.field, fault.rule, fault.fix, "line", line, column)


def _yaml(definition: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(definition, sort_keys=False, allow_unicode=True, default_flow_style=None)
    return text
