"""The editor of the plan: checked as one types, published with a note, nothing lost when it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault, Invalid, Problem, first_of
from muster.people import store as people
from muster.plan import store
from muster.plan.actions import publish as publishing
from muster.plan.diff import PlanDifference, diff
from muster.plan.pages.parts import PLAN, Asked, Field, Text, address, inline, newest_of, see_other
from muster.plan.reader import PlanReading
from muster.plan.starter import starter_plan
from muster.plan.version import Version, digest_of

router = page_router()


@dataclass(frozen=True, slots=True)
class EditorFinding:
    """A fault or warning with the line of the text on which it stands; `here` is the column in it, from 0."""

    fault: Fault
    source: str
    here: int


@dataclass(frozen=True, slots=True)
class Review:
    """What is said about a text while it is being edited."""

    valid: bool
    faults: tuple[EditorFinding, ...]
    warnings: tuple[EditorFinding, ...]
    changes: tuple[PlanDifference, ...]
    same: bool


@router.get("/plan/edit")
@needs(Permission.PLAN_READ)
async def edit_page(unit: Uses, request: Request, plan: Asked = "") -> Response:
    """Show the text of the plan to change it; the starter plan where none was published."""
    newest = await newest_of(unit.conn, plan)
    text = newest.text if newest else await _starter(unit, request.state.view.zone)
    return await _page(unit, request, text, plan, newest, base=newest.number if newest else 0)


@router.post("/plan/check")
@needs(Permission.PLAN_READ, largest=None)
async def check(unit: Uses, request: Request, text: Text = "", plan: Asked = "") -> Response:
    """Say what publishing this text would find and change; the editor asks while one types. Nothing is written."""
    newest = await newest_of(unit.conn, plan)
    return render(request, "plan/review.html", review=await _review(unit, text, newest), newest=newest, inline=inline)


@router.post("/plan/edit")
@needs(Permission.PLAN_PUBLISH, largest=None)
async def publish(
    unit: Uses, request: Request, text: Text = "", note: Field = "", base: Field = "0", plan: Asked = ""
) -> Response:
    """Publish the text, unless it is refused or somebody else has published since the editor was opened."""
    newest = await newest_of(unit.conn, plan)
    text = text.replace("\r\n", "\n")
    if newest is not None and base != str(newest.number):
        return await _overtaken(unit, request, text, note, base, plan, newest)
    try:
        done = await publishing.publish(unit, text, note.strip())
    except Invalid as problem:
        number = newest.number if newest else 0
        return await _page(unit, request, text, plan, newest, base=number, note=note, problem=problem)
    if not done.created:
        return see_other(address(PLAN, {}))
    active = await store.active_name(unit.conn)
    if active == done.version.name:
        return see_other(PLAN)
    return see_other(address(f"{PLAN}/versions/{done.version.number}", {"plan": done.version.name}))


async def _overtaken(
    unit: Unit, request: Request, text: str, note: str, base: str, plan: str, newest: Version
) -> Response:
    before = await store.numbered(unit.conn, newest.name, int(base)) if base.isdecimal() and len(base) < 9 else None
    theirs = diff(before.plan, newest.plan) if before else ()
    return await _page(
        unit, request, text, plan, newest, base=newest.number, note=note, status=409, theirs=theirs, overtaken=newest
    )


async def _page(
    unit: Unit,
    request: Request,
    text: str,
    plan: str,
    newest: Version | None,
    *,
    base: int,
    note: str = "",
    status: int = 200,
    problem: Problem | None = None,
    overtaken: Version | None = None,
    theirs: Sequence[PlanDifference] = (),
) -> Response:
    return render(
        request,
        "plan/edit.html",
        status=problem.status if problem else status,
        text=text,
        note=note,
        base=base,
        plan=plan,
        newest=newest,
        problem=problem,
        overtaken=overtaken,
        theirs=theirs,
        review=await _review(unit, text, newest),
        inline=inline,
    )


async def _review(unit: Unit, text: str, newest: Version | None) -> Review:
    text = text.replace("\r\n", "\n")
    reading, changes = await publishing.validate(unit, text, name=newest.name if newest else None)
    same = newest is not None and newest.digest == digest_of(text)
    return review_of(reading, changes, text, same)


def review_of(reading: PlanReading, changes: tuple[PlanDifference, ...], text: str, same: bool) -> Review:
    """A reading with the lines that its faults stand on."""
    lines = text.splitlines()
    return Review(
        reading.plan is not None,
        tuple(_finding(fault, lines) for fault in first_of(reading.faults)),
        tuple(_finding(fault, lines) for fault in first_of(reading.warnings)),
        changes,
        same,
    )


def _finding(fault: Fault, lines: Sequence[str]) -> EditorFinding:
    if fault.line is None or fault.line > len(lines):
        return EditorFinding(fault, "", 0)
    whole = lines[fault.line - 1]
    source = whole.strip()
    return EditorFinding(fault, source[:200], max(0, (fault.column or 1) - 1 - (len(whole) - len(whole.lstrip()))))


async def _starter(unit: Unit, zone: str) -> str:
    """The starter plan for whoever opens the editor, with the first team that has members."""
    person = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    admin = person.name if person else unit.principal.name
    teams = [team.name for team in await people.teams(unit.conn, limit=20) if team.members]
    return starter_plan(admin, teams[0] if teams else None, None, zone)
