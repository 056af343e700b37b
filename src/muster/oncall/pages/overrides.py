"""Overrides in two taps: take over until the shift ends, or name somebody and a time; and what that would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request, Response
from pydantic import BaseModel
from pydantic import Field as Limited

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Broken, Fault, Invalid, Problem
from muster.kit.localtime import to_instant, to_local
from muster.oncall import store
from muster.oncall.actions import overrides
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import OverridePreview, override_preview
from muster.oncall.coverage.override_effects import CoverageChange, Remark
from muster.oncall.coverage.spans import ahead
from muster.oncall.pages.shared import ON_CALL, TOPICS, Field, Name, Options, url_of, viewer_of, way_back, with_query
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.notation import read_instant, write_local
from muster.oncall.schedules.override import OverrideDraft
from muster.people import store as people

MOST_CHANGES = 6
NOBODY = "-"
LOOK_AHEAD = timedelta(days=14)
HOURS = (1, 4, 8)
Typed = Annotated[str, Limited(max_length=5000)]
router = page_router()


class OverrideForm(BaseModel):
    """What somebody typed; times are on their clock unless they say their offset."""

    person: Typed = ""
    start: Typed = ""
    end: Typed = ""
    note: Typed = ""
    back: Typed = ""

    def draft(self, zone: str, now: datetime) -> OverrideDraft:
        """What is wanted; a start that is left out is now.

        Raises:
            Invalid: with a fault for each time that is none.
        """
        faults: list[Fault] = []
        times: list[datetime] = []
        for field, text in (("start", self.start or now.isoformat()), ("end", self.end)):
            try:
                local = datetime.fromisoformat(text)
                times.append(read_instant(local if local.tzinfo else to_instant(local, zone)))
            except ValueError:
                faults.append(Fault(field, "This is not a date and time.", "Choose a day and an hour."))
        if faults:
            raise Invalid("This override cannot be made.", faults=faults)
        start, end = times
        return OverrideDraft(None if self.person == NOBODY else self.person, start, end, self.note)


@template("oncall/override.html")
@dataclass(frozen=True, slots=True)
class OverridePage:
    """An override in two taps, or any other; a page of its own or the sheet over the picture.

    `on_call` says who is until when, `ends` are the quick choices for the onlooker (`me`) to take over. Where the address named a
    time (`chosen`), both stand back.
    """

    name: str
    here: str
    back: str
    on_call: str
    takes_over: bool
    until: datetime
    me: str
    ends: Options
    persons: Options
    person: str
    start: str
    end: str
    note: str
    chosen: bool
    problem: Problem | None
    faults: Mapping[str, Fault]
    topics: Sequence[str] = TOPICS


@router.get(ON_CALL + "/schedules/{name}/override")
@needs(Permission.SCHEDULE_OVERRIDE)
async def override_page(unit: Uses, request: Request, name: Name, typed: Annotated[OverrideForm, Query()]) -> Response:
    """Offer to take over, and ask for any other override, filled with what the address says."""
    zone = request.state.view.zone
    times = {"start": _local(typed.start, zone), "end": _local(typed.end, zone)}
    return await _form(unit, request, name, typed.model_copy(update=times), None)


@router.post(ON_CALL + "/schedules/{name}/overrides/foresee")
@needs(Permission.SCHEDULE_OVERRIDE)
async def foresee_override(
    unit: Uses, request: Request, name: Name, typed: Annotated[OverrideForm, Form()]
) -> Response:
    """Say what the override that is being written would do; nothing is written."""
    try:
        draft = typed.draft(request.state.view.zone, unit.now)
    except Invalid as problem:
        return render(request, PreviewPart(faults=[fault.rule for fault in problem.faults]))
    viewer = viewer_of(request, unit, await people.persons(unit.conn))
    return render(request, preview_part(await override_preview(unit, name, draft, viewer), viewer))


@router.post(ON_CALL + "/schedules/{name}/overrides")
@needs(Permission.SCHEDULE_OVERRIDE)
async def add_override(unit: Uses, request: Request, name: Name, typed: Annotated[OverrideForm, Form()]) -> Response:
    """Put somebody on call."""
    try:
        override = await overrides.add_override(unit, name, typed.draft(request.state.view.zone, unit.now))
    except Invalid as problem:
        return await _form(unit, request, name, typed, problem)
    return see_other(with_query(way_back(typed.back, name), undo=str(override.id)))


@router.post(ON_CALL + "/schedules/{name}/overrides/{id}/remove")
@needs(Permission.SCHEDULE_OVERRIDE)
async def remove_override(unit: Uses, name: Name, id: UUID, back: Field = "") -> Response:
    """End an override now."""
    await overrides.remove_override(unit, name, id)
    return see_other(with_query(way_back(back, name), undo=""))


async def _form(unit: Unit, request: Request, name: str, typed: OverrideForm, problem: Problem | None) -> Response:
    zone = request.state.view.zone
    await existing_schedule(unit.conn, name)
    roster = (await store.rosters(unit.conn, [name], unit.now, unit.now + timedelta(days=400)))[name]
    span = ahead(roster, unit.now)
    persons = await people.persons(unit.conn)
    me = next((person.name for person in persons if person.id == unit.principal.person_id), "")
    ends = [(f"Until {write_local(span.end, zone)}", span.end)] if span.end <= unit.now + LOOK_AHEAD else []
    ends += [(f"For {hours} hour{'s' if hours > 1 else ''}", unit.now + timedelta(hours=hours)) for hours in HOURS]
    who = viewer_of(request, unit, persons).names(span.people) if span.people else "Nobody"
    usual_end = min(span.end, unit.now + timedelta(hours=8)).replace(second=0)
    page = OverridePage(
        name=name,
        here=url_of(name),
        back=way_back(typed.back, name),
        on_call=f"{who} {'are' if len(span.people) > 1 else 'is'}",
        takes_over=bool(me) and me not in span.people,
        until=span.end,
        me=me,
        ends=[(label, instant.isoformat()) for label, instant in ends],
        persons=[*((person.name, person.full_name) for person in persons), (NOBODY, "Nobody, knowingly")],
        person=typed.person or me,
        start=typed.start or (_typed(unit.now.replace(second=0), zone) if problem is None else ""),
        end=typed.end or (_typed(usual_end, zone) if problem is None else ""),
        note=typed.note,
        chosen=bool(typed.start and typed.end),
        problem=problem,
        faults=by_field(problem),
    )
    return render(request, page, status=422 if problem else 200)


def _local(text: str, zone: str) -> str:
    try:
        return _typed(read_instant(text), zone)
    except Broken:
        return ""


def _typed(instant: datetime, zone: str) -> str:
    local = to_local(instant, zone)
    return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"


@template("oncall/override_preview.html")
@dataclass(frozen=True, slots=True)
class PreviewPart:
    """The effect of an override: `faults` say why it cannot be told, `refused` why the onlooker may not make it.

    `changes` say who would be on call (nothing where nobody is), instead of whom, and when.
    """

    faults: Sequence[str] = ()
    refused: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    more: str = ""
    remarks: Sequence[Remark] = ()


def preview_part(preview: OverridePreview, viewer: Viewer) -> PreviewPart:
    """As the onlooker reads it."""
    more = len(preview.effects) - MOST_CHANGES
    last = viewer.moment(preview.effects[-1].end) if preview.effects else ""
    return PreviewPart(
        refused=preview.refused,
        changes=[_change(change, viewer) for change in preview.effects[:MOST_CHANGES]],
        more=f"and {more} more stretches until {last}" if more > 0 else "",
        remarks=preview.remarks,
    )


def _change(change: CoverageChange, viewer: Viewer) -> tuple[str, str, str]:
    times = f"{viewer.moment(change.start)} to {viewer.moment(change.end)}"
    return viewer.names(change.after) if change.after else "", viewer.names(change.before), times
