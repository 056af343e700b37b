"""The editor: a schedule as a form or as its manifest, with its coverage and findings shown before it is saved."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import yaml
from fastapi import Depends, Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.kit.localtime import to_instant, to_local
from muster.kit.yamldoc import Document, read_documents
from muster.oncall.actions import schedules
from muster.oncall.actions.findings import AHEAD, findings_of
from muster.oncall.actions.lookup import existing_schedule, me_of
from muster.oncall.actions.previews import roster_preview
from muster.oncall.pages.schedule_picture import Picture, picture_of
from muster.oncall.pages.shared import ON_CALL, Name, Options, Text, url_of, viewer_of_rosters, with_query
from muster.oncall.picture.lanes import AROUND
from muster.oncall.picture.period import PeriodUnit, monday, read_period
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.form import ScheduleForm, as_form, carry_out, read_form
from muster.oncall.schedules.manifest import write_schedule
from muster.oncall.schedules.notation import OFF, read_instant
from muster.oncall.schedules.schedule import WEEKDAYS, Schedule
from muster.people import store as people

SIZE = 0.05
"""One schedule is small: a twentieth of the usual bounds of a document."""
router = page_router()


async def _sent(request: Request) -> dict[str, list[str]]:
    """The form as it was sent, every value of each field."""
    form = await request.form()
    return {key: [str(value) for value in form.getlist(key)] for key in form}


Fields = Mapping[str, Sequence[str]]
Sent = Annotated[dict[str, list[str]], Depends(_sent)]


@template("oncall/schedule_preview.html")
@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """What a definition would say: a fortnight and its findings, or in `trouble` why that cannot be told."""

    name: str = ""
    picture: Picture | None = None
    findings: Sequence[str] = ()
    trouble: str = ""


@template("oncall/edit.html")
@dataclass(frozen=True, slots=True)
class EditorPage:
    """The editor, as a form (`base` is the document under it) or as the text `definition`; `name` is empty for a new schedule.

    `since` is when it is to take effect, as typed.
    """

    name: str
    back: str
    form: ScheduleForm | None
    base: str
    definition: str
    since: str
    persons: Options
    weekdays: Sequence[str]
    preview: SchedulePreview
    problem: Problem | None
    faults: Mapping[str, Fault]


@router.get(ON_CALL + "/new")
@needs(Permission.SCHEDULE_MANAGE)
async def new_schedule_page(unit: Uses, request: Request, form: Text = "") -> Response:
    """Begin a schedule with oneself in it."""
    zone = request.state.view.zone
    start = monday(unit.now, zone).isoformat()
    layer = {"name": "weekly", "people": [me_of(unit)], "rotate": "weekly", "hand_off": "Mon 09:00", "start": start}
    return await _editor(unit, request, {"name": "primary", "time_zone": zone, "layers": [layer]}, form != "yaml")


@router.get(ON_CALL + "/schedules/{name}/edit")
@needs(Permission.SCHEDULE_MANAGE)
async def edit_schedule_page(unit: Uses, request: Request, name: Name, form: Text = "") -> Response:
    """Edit a schedule."""
    stored = await existing_schedule(unit.conn, name)
    return await _editor(unit, request, write_schedule(stored.schedule), form != "yaml", {"name_now": [name]})


@router.post(ON_CALL + "/save")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def save_schedule(unit: Uses, request: Request, sent: Sent) -> Response:
    """Put the definition in force, or do what another button of the editor says; `name_now` is empty for a new schedule."""
    name, verb, as_text = _value(sent, "name_now"), _value(sent, "verb") or "preview", "definition" in sent
    document: dict[str, Any] = {}
    try:
        document = _document(sent)
        if verb != "save":
            carry_out(verb, document)
            return await _editor(unit, request, document, verb == "form" or (verb != "yaml" and not as_text), sent)
        schedule, since = read_schedule(document), _since(sent, request.state.view.zone)
        if name:
            saved = await schedules.update_schedule(unit, name, schedule, since)
        else:
            saved = await schedules.create_schedule(unit, schedule, since)
    except (Conflict, Invalid) as problem:
        return await _editor(unit, request, document, not as_text, sent, _placed(problem, sent))
    return see_other(with_query(url_of(saved.name), saved=str(saved.number)))


@router.post(ON_CALL + "/foresee")
@needs(Permission.SCHEDULE_MANAGE, largest=None)
async def foresee_schedule(unit: Uses, request: Request, sent: Sent) -> Response:
    """Draw what is in the editor and say what would be wrong with it; nothing is written."""
    try:
        document = _document(sent)
    except Invalid as problem:
        return render(request, _trouble(problem))
    return render(request, await _preview(unit, request, document, sent))


def _document(sent: Fields) -> dict[str, Any]:
    """What the editor holds, from its form or from its text.

    Raises:
        Invalid: it cannot be read at all.
    """
    if "definition" in sent:
        return _read(_value(sent, "definition"))
    try:
        base = json.loads(_value(sent, "base"))
    except ValueError:
        base = None
    if not isinstance(base, dict):
        raise Invalid("This form cannot be read.", "Open the editor again.")
    return read_form(sent, base)


async def _preview(unit: Unit, request: Request, document: dict[str, Any], sent: Fields) -> SchedulePreview:
    """What a document would say, or why that cannot be told."""
    try:
        since = _since(sent, request.state.view.zone)
        return await _drawn(unit, request, _value(sent, "name_now"), read_schedule(document), since)
    except Invalid as problem:
        return _trouble(_placed(problem, sent))


async def _drawn(
    unit: Unit, request: Request, name: str, schedule: Schedule, since: datetime | None
) -> SchedulePreview:
    """A fortnight by a definition from when it takes effect, and what would be wrong with its next 90 days."""
    zone = request.state.view.zone
    begins = max(since or unit.now, unit.now)
    period = read_period(PeriodUnit.FORTNIGHT, to_local(begins, zone).date().isoformat(), unit.now, zone)
    roster = await roster_preview(unit, name, schedule, begins, period.edges(zone)[0] - AROUND, unit.now + AHEAD)
    viewer = await viewer_of_rosters(request, unit, [roster])
    findings = await findings_of(unit.conn, roster, begins, begins + AHEAD)
    picture = picture_of(schedule, roster, period, viewer, unit.now, None)
    return SchedulePreview(schedule.name, picture, [finding.sentence for finding in findings])


def _trouble(problem: Problem) -> SchedulePreview:
    return SchedulePreview(trouble=" ".join([problem.title, *(fault.sentence() for fault in problem.faults[:4])]))


async def _editor(
    unit: Unit,
    request: Request,
    document: dict[str, Any],
    form: bool,
    sent: Fields | None = None,
    problem: Problem | None = None,
) -> Response:
    sent = sent or {}
    name = _value(sent, "name_now")
    persons = [(person.name, person.full_name) for person in await people.persons(unit.conn) if person.active]
    page = EditorPage(
        name=name,
        back=url_of(name) if name else ON_CALL,
        form=as_form(document) if form else None,
        base=json.dumps(document, default=str) if form else "",
        definition=_value(sent, "definition") or _yaml(document),
        since=_value(sent, "since"),
        persons=[("", "Choose…"), *persons, (OFF, "Nobody: a free turn")],
        weekdays=WEEKDAYS,
        preview=SchedulePreview() if problem else await _preview(unit, request, document, sent),
        problem=problem,
        faults=_by_place(problem),
    )
    return render(request, page, status=problem.status if problem else 200)


def _by_place(problem: Problem | None) -> dict[str, Fault]:
    """Faults by the field of the form that shows them: a part of people or hours counts to its row."""
    faults: dict[str, Fault] = {}
    for fault in problem.faults if problem else ():
        parts = fault.field.split(".")
        place = ".".join(parts[:4] if parts[2:3] and parts[2] in ("people", "restrictions") else parts[:3])
        faults.setdefault(place, fault)
    return faults


def _read(definition: str) -> dict[str, Any]:
    """The one document that was written.

    Raises:
        Invalid: with every fault.
    """
    read = read_documents(definition, times=SIZE)
    if read.faults:
        raise Invalid("This is not YAML that Muster can read.", faults=read.faults)
    if len(read.documents) != 1:
        fault = Fault("", f"There are {len(read.documents)} documents here.", "Write one schedule.")
        raise Invalid("This schedule cannot be used.", faults=[fault])
    data = read.documents[0].data
    if not isinstance(data, dict):
        read_schedule(data)
    return {**data}


def _placed(problem: Problem, sent: Fields) -> Problem:
    """The same refusal, each fault with its line where a text was written."""
    documents = read_documents(_value(sent, "definition"), times=SIZE).documents
    if len(documents) != 1:
        return problem
    faults = [fault if fault.line else _at_line(fault, documents[0]) for fault in problem.faults]
    return type(problem)(problem.title, problem.detail, faults)


def _at_line(fault: Fault, document: Document) -> Fault:
    path = tuple(int(part) if part.isdecimal() else part for part in fault.field.split(".") if part)
    line, column = document.mark(path)
    return Fault(fault.field, fault.rule, fault.fix, "line", line, column)


def _since(sent: Fields, zone: str) -> datetime | None:
    """When the definition is to take effect, on the viewer's clock; None means at once.

    Raises:
        Invalid: it is not a time.
    """
    typed = _value(sent, "since")
    try:
        return read_instant(to_instant(datetime.fromisoformat(typed), zone)) if typed else None
    except ValueError:
        fault = Fault("from", "This is not a date and time.", "Choose a day and an hour, or leave it empty.")
        raise Invalid("This schedule cannot be saved.", faults=[fault]) from None


def _value(sent: Fields, name: str) -> str:
    return sent[name][0] if sent.get(name) else ""


def _yaml(definition: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(definition, sort_keys=False, allow_unicode=True, default_flow_style=None)
    return text
