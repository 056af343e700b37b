"""One schedule: who is on call and why, its picture by layer, what to look at, overrides, versions, hand-off notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid
from muster.oncall import store
from muster.oncall.actions import own_shifts, schedules
from muster.oncall.actions.findings import AHEAD, findings_of
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.coverage.explanation import Step, explain
from muster.oncall.pages.schedule_picture import (
    LOOK_AHEAD,
    PeriodLinks,
    Picture,
    Standing,
    period_links,
    picture_of,
    roster_chips,
    standing_of,
)
from muster.oncall.pages.shared import (
    ON_CALL,
    TOPICS,
    Field,
    Name,
    Text,
    Undo,
    full_names,
    undo_of,
    undo_of_version,
    url_of,
    viewer_of_rosters,
    with_query,
)
from muster.oncall.picture.lanes import AROUND, Face
from muster.oncall.picture.period import read_period
from muster.oncall.schedules.override import StoredOverride
from muster.oncall.schedules.prose import layer_sentences
from muster.oncall.schedules.schedule import Layer
from muster.oncall.schedules.version import StoredVersion
from muster.oncall.shifts.handoff_note import HandOffNote
from muster.oncall.store import note_rows

NOTES = ON_CALL + "/schedules/{name}/notes"
router = page_router()


@template("oncall/schedule.html")
@dataclass(frozen=True, slots=True)
class SchedulePage:
    """One schedule in full: `here` is its address, `back` the same with what is shown of it.

    `findings` are sentences with the address of their moment, of the next 90 days; layers stand from the highest down
    with their sentences, versions with whether they have yet to take effect.
    """

    name: str
    number: int
    ahead: bool
    here: str
    back: str
    standing: Standing
    steps: Sequence[Step]
    period: PeriodLinks
    picture: Picture
    chips: Sequence[Face]
    findings: Sequence[tuple[str, str]]
    overrides: Sequence[StoredOverride]
    notes: Sequence[HandOffNote]
    full_names: Mapping[str, str]
    layers: Sequence[tuple[Layer, Sequence[str]]]
    versions: Sequence[tuple[StoredVersion, bool]]
    undo: Undo | None
    topics: Sequence[str] = TOPICS


@router.get(ON_CALL + "/schedules/{name}")
@needs(Permission.SCHEDULE_READ)
async def schedule_page(
    unit: Uses,
    request: Request,
    name: Name,
    view: Text = "",
    day: Text = "",
    undo: Text = "",
    asked: Text = "",
    saved: Text = "",
) -> Response:
    """Show a schedule in full."""
    zone = request.state.view.zone
    stored = await existing_schedule(unit.conn, name)
    period = read_period(view, day, unit.now, zone)
    start, end = period.edges(zone)
    horizon = max(end + AROUND, unit.now + LOOK_AHEAD)
    roster = (await store.rosters(unit.conn, [name], min(start, unit.now) - AROUND, horizon))[name]
    viewer = await viewer_of_rosters(request, unit, [roster])
    here = url_of(name)
    findings = await findings_of(unit.conn, roster, unit.now, unit.now + AHEAD)
    page = SchedulePage(
        name=name,
        number=stored.number,
        ahead=stored.since > unit.now,
        here=here,
        back=with_query(f"{here}?{request.url.query}", undo="", asked="", saved=""),
        standing=standing_of(roster, viewer, unit.now),
        steps=explain(roster, unit.now),
        period=period_links(here, period, {}),
        picture=picture_of(stored.schedule, roster, period, viewer, unit.now, stored.since),
        chips=roster_chips(roster, viewer),
        findings=[
            (finding.sentence, with_query(here, day=f"{finding.start:%Y-%m-%d}") if finding.start else "")
            for finding in findings
        ],
        overrides=await store.overrides_of(unit.conn, [name], unit.now, unit.now + LOOK_AHEAD),
        notes=await note_rows.standing(unit.conn, [name], unit.now),
        full_names=viewer.full_names or {},
        layers=[(layer, layer_sentences(layer, viewer.name)) for layer in reversed(stored.schedule.layers)],
        versions=[
            (version, version.since > unit.now) for version in await store.versions_of(unit.conn, stored.id, limit=10)
        ],
        undo=await undo_of(unit, undo, asked) or undo_of_version(unit, stored, saved),
    )
    return render(request, page)


@router.post(ON_CALL + "/schedules/{name}/undo")
@needs(Permission.SCHEDULE_MANAGE)
async def undo_schedule(unit: Uses, name: Name) -> Response:
    """Take the newest edit back: the version before it is in force again from now."""
    await schedules.undo_schedule(unit, name)
    return see_other(url_of(name))


@router.post(ON_CALL + "/schedules/{name}/withdraw")
@needs(Permission.SCHEDULE_MANAGE)
async def withdraw_version(unit: Uses, name: Name) -> Response:
    """Let the version that has yet to take effect never do so."""
    stored = await existing_schedule(unit.conn, name)
    await schedules.withdraw_version(unit, name, stored.number)
    return see_other(url_of(name))


@router.post(ON_CALL + "/schedules/{name}/delete")
@needs(Permission.SCHEDULE_MANAGE)
async def delete_schedule(unit: Uses, name: Name, reason: Field = "") -> Response:
    """End a schedule by which nothing pages."""
    await schedules.delete_schedule(unit, name, reason)
    return see_other(ON_CALL)


@template("oncall/notes.html")
@dataclass(frozen=True, slots=True)
class NotesPage:
    """The notes of a schedule that stand and those before, and the text of a new one as it was typed."""

    name: str
    here: str
    standing: Sequence[HandOffNote]
    past: Sequence[HandOffNote]
    full_names: Mapping[str, str]
    text: str
    faults: Mapping[str, Fault]
    topics: Sequence[str] = TOPICS


@router.get(NOTES)
@needs(Permission.SCHEDULE_READ)
async def notes_page(unit: Uses, request: Request, name: Name) -> Response:
    """Show a schedule's hand-off notes, and the form for a new one."""
    return await _notes(unit, request, name, "", None)


@router.post(NOTES)
@needs(Permission.SCHEDULE_OVERRIDE)
async def write_note(unit: Uses, request: Request, name: Name, text: Field = "") -> Response:
    """Leave a note."""
    try:
        await own_shifts.write_note(unit, name, text)
    except Invalid as problem:
        return await _notes(unit, request, name, text, problem)
    return see_other(url_of(name, "notes"))


@router.post(NOTES + "/{id}/done")
@needs(Permission.SCHEDULE_OVERRIDE)
async def put_aside(unit: Uses, name: Name, id: UUID, back: Field = "") -> Response:
    """Put a note aside."""
    await own_shifts.put_aside(unit, name, id)
    return see_other(f"{ON_CALL}/me" if back == "me" else url_of(name, "notes"))


async def _notes(unit: Uses, request: Request, name: str, text: str, problem: Invalid | None) -> Response:
    await existing_schedule(unit.conn, name)
    notes = await note_rows.of_schedule(unit.conn, name, limit=100)
    page = NotesPage(
        name=name,
        here=url_of(name),
        standing=[note for note in notes if note.stands(unit.now)],
        past=[note for note in notes if not note.stands(unit.now)],
        full_names=await full_names(unit),
        text=text,
        faults=by_field(problem),
    )
    return render(request, page, status=422 if problem else 200)
