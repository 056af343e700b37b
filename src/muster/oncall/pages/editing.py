"""The editor: a schedule as a form or as its manifest, with its coverage and findings shown before it is saved."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import yaml
from fastapi import Depends, Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.localtime import to_instant, to_local
from muster.kit.yamldoc import Document, read_documents
from muster.oncall.actions import schedules
from muster.oncall.actions.findings import AHEAD, findings_of
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import roster_preview
from muster.oncall.pages.blocks import picture_of
from muster.oncall.pages.parts import ON_CALL, Asked, Name, persons_of, see_other, url_of, viewer_of, with_query
from muster.oncall.picture.lanes import AROUND
from muster.oncall.picture.period import PeriodUnit, monday, read_period
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.form import as_form, carry_out, read_form
from muster.oncall.schedules.manifest import write_schedule
from muster.oncall.schedules.notation import OFF, read_instant
from muster.oncall.schedules.schedule import WEEKDAYS, Schedule
from muster.people import store as people

ONE = 0.05
"""One workload or schedule is small: a twentieth of the usual bounds."""
router = page_router()


async def _sent(request: Request) -> dict[str, list[str]]:
    """The form as it was sent, every value of each field."""
    form = await request.form()
    return {key: [str(each) for each in form.getlist(key)] for key in form}


Sent = Annotated[dict[str, list[str]], Depends(_sent)]


@router.get(ON_CALL + "/new")
@needs(Permission.SCHEDULE_MANAGE)
async def new_schedule_page(unit: Uses, request: Request, form: Asked = "") -> Response:
    """Begin a schedule with oneself in it."""
    zone = request.state.view.zone
    me = unit.principal.name if unit.principal.person_id else ""
    start = monday(unit.now, zone).isoformat()
    layer = {"name": "weekly", "people": [me], "rotate": "weekly", "hand_off": "Mon 09:00", "start": start}
    return await _editor(unit, request, "", {"name": "primary", "time_zone": zone, "layers": [layer]}, form != "yaml")


@router.get(ON_CALL + "/schedules/{name}/edit")
@needs(Permission.SCHEDULE_MANAGE)
async def edit_schedule_page(unit: Uses, request: Request, name: Name, form: Asked = "") -> Response:
    """Edit a schedule."""
    stored = await existing_schedule(unit.conn, name)
    return await _editor(unit, request, name, write_schedule(stored.schedule), form != "yaml")


@router.post(ON_CALL + "/save")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def save_schedule(unit: Uses, request: Request, sent: Sent) -> Response:
    """Put the definition in force, or do what another button of the editor says; `name` is empty for a new schedule."""
    name, verb = _one(sent, "name_now"), _one(sent, "verb") or "preview"
    as_text = "definition" in sent
    document: dict[str, Any] | None = None
    try:
        document = _document(sent)
        if verb != "save":
            carry_out(verb, document)
            form = verb == "form" or (verb != "yaml" and not as_text)
            return await _editor(unit, request, name, document, form, sent=sent)
        schedule, since = read_schedule(document), _since(sent, request.state.view.zone)
        if name:
            saved = await schedules.update_schedule(unit, name, schedule, since)
        else:
            saved = await schedules.create_schedule(unit, schedule, since)
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        placed = _placed(problem, _one(sent, "definition")) if as_text else problem
        return await _editor(
            unit, request, name, document or {}, not as_text, sent=sent, problem=placed, status=problem.status
        )
    return see_other(with_query(url_of(saved.name), saved=str(saved.number)))


@router.post(ON_CALL + "/foresee")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def foresee_schedule(unit: Uses, request: Request, sent: Sent) -> Response:
    """Draw what is in the editor and say what would be wrong with it; nothing is written."""
    try:
        shown, trouble = await _tried(unit, request, _one(sent, "name_now"), _document(sent), sent)
    except Invalid as problem:
        shown, trouble = None, problem
    return render(request, "oncall/preview.html", shown=shown, trouble=trouble)


async def _tried(
    unit: Unit, request: Request, name: str, document: dict[str, Any], sent: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any] | None, Invalid | None]:
    """What a document would say, or why that cannot be told."""
    try:
        since = _since(sent, request.state.view.zone)
        return await _shown(unit, request, name, read_schedule(document), since), None
    except Invalid as problem:
        return None, _placed(problem, _one(sent, "definition")) if "definition" in sent else problem


def _document(sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the editor holds, from its form or from its text.

    Raises:
        Invalid: it cannot be read at all.
    """
    if "definition" in sent:
        return _read(_one(sent, "definition"))
    try:
        base = json.loads(_one(sent, "base"))
    except ValueError:
        base = None
    if not isinstance(base, dict):
        raise Invalid("This form cannot be read.", "Open the editor again.")
    return read_form(sent, base)


async def _shown(unit: Unit, request: Request, name: str, schedule: Schedule, since: datetime | None) -> dict[str, Any]:
    """A fortnight by a definition from when it takes effect, and what would be wrong with its next 90 days."""
    zone = request.state.view.zone
    begins = max(since or unit.now, unit.now)
    stretch = read_period(PeriodUnit.FORTNIGHT, to_local(begins, zone).date().isoformat(), unit.now, zone)
    roster = await roster_preview(unit, name, schedule, begins, stretch.edges(zone)[0] - AROUND, unit.now + AHEAD)
    viewer = viewer_of(request, unit, (await persons_of(unit.conn, [roster])).values())
    return {
        "name": schedule.name,
        "picture": picture_of(schedule, roster, stretch, viewer, unit.now, None),
        "findings": await findings_of(unit.conn, roster, begins, begins + AHEAD),
    }


async def _editor(
    unit: Unit,
    request: Request,
    name: str,
    document: dict[str, Any],
    form: bool,
    *,
    sent: Mapping[str, Sequence[str]] | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> Response:
    persons = [(each.name, each.full_name) for each in await people.persons(unit.conn) if each.active]
    shown, trouble = (None, None) if problem else await _tried(unit, request, name, document, sent or {})
    return render(
        request,
        "oncall/edit.html",
        status=status,
        back=url_of(name) if name else ON_CALL,
        name=name,
        form=as_form(document) if form else None,
        base=json.dumps(document, default=str) if form else "",
        definition=_one(sent or {}, "definition") or _yaml(document),
        since=_one(sent or {}, "since"),
        persons=[("", "Choose…"), *persons, (OFF, "Nobody: a free turn")],
        weekdays=WEEKDAYS,
        shown=shown,
        trouble=trouble,
        problem=problem,
        faults=_by_place(problem),
    )


def _by_place(problem: Problem | None) -> dict[str, Fault]:
    """Faults by the field of the form that shows them: a part of people or hours counts to its row."""
    found: dict[str, Fault] = {}
    for fault in problem.faults if problem else ():
        parts = fault.field.split(".")
        place = ".".join(parts[:4] if parts[2:3] and parts[2] in ("people", "restrictions") else parts[:3])
        found.setdefault(place, fault)
    return found


def _read(definition: str) -> dict[str, Any]:
    """The one document that was written.

    Raises:
        Invalid: with every fault.
    """
    read = read_documents(definition, times=ONE)
    if read.faults:
        raise Invalid("This is not YAML that Muster can read.", faults=read.faults)
    if len(read.documents) != 1:
        fault = Fault("", f"There are {len(read.documents)} documents here.", "Write one schedule.")
        raise Invalid("This schedule cannot be used.", faults=[fault])
    data = read.documents[0].data
    if not isinstance(data, dict):
        read_schedule(data)
    return {**data}


def _placed(problem: Problem, definition: str) -> Invalid:
    """The same refusal, each fault with its line."""
    documents = read_documents(definition, times=ONE).documents
    if len(documents) != 1:
        return Invalid(problem.title, problem.detail, problem.faults)
    faults = [fault if fault.line else _at_line(fault, documents[0]) for fault in problem.faults]
    return Invalid(problem.title, problem.detail, faults)


def _at_line(fault: Fault, document: Document) -> Fault:
    path = tuple(int(part) if part.isdecimal() else part for part in fault.field.split(".") if part)
    line, column = document.mark(path)
    return Fault(fault.field, fault.rule, fault.fix, "line", line, column)


def _since(sent: Mapping[str, Sequence[str]], zone: str) -> datetime | None:
    """When the definition is to take effect, on the viewer's clock; None means at once.

    Raises:
        Invalid: it is not a time.
    """
    typed = _one(sent, "since")
    try:
        return read_instant(to_instant(datetime.fromisoformat(typed), zone)) if typed else None
    except ValueError:
        fault = Fault("from", "This is not a date and time.", "Choose a day and an hour, or leave it empty.")
        raise Invalid("This schedule cannot be saved.", faults=[fault]) from None


def _one(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return sent[name][0] if sent.get(name) else ""


def _yaml(definition: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(definition, sort_keys=False, allow_unicode=True, default_flow_style=None)
    return text
