"""The organisation's name, and who must have a second factor, under settings."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Invalid
from muster.people import store
from muster.people.actions.requirement import lacking, require_second_factor
from muster.people.actions.setup import rename_organisation
from muster.people.factor import WORDS
from muster.people.store import organisation_row

router = page_router()


@router.get("/settings/organisation")
@needs(Permission.SETTINGS_READ)
async def organisation_page(unit: Uses, request: Request) -> Response:
    """Show what the organisation is called."""
    return await _page(unit, request, await store.organisation_name(unit.conn) or "")


@router.post("/settings/organisation")
@needs(Permission.SETTINGS_MANAGE)
async def do_rename(unit: Uses, request: Request, name: Field = "") -> Response:
    """Call the organisation something else."""
    try:
        await rename_organisation(unit, name)
    except Invalid as problem:
        return await _page(unit, request, name, problem)
    return see_other("/settings/organisation")


@router.post("/settings/organisation/second-factor")
@needs(Permission.SETTINGS_MANAGE, sensitive=True)
async def do_require(unit: Uses, request: Request, required_for: Field = "", grace_days: Field = "") -> Response:
    """Say who must have a second factor."""
    days = int(grace_days) if grace_days.strip().isdecimal() and len(grace_days) < 5 else -1
    try:
        await require_second_factor(unit, required_for, days)
    except Invalid as problem:
        return await _page(unit, request, await store.organisation_name(unit.conn) or "", problem)
    return see_other("/settings/organisation")


async def _page(unit: Unit, request: Request, name: str, problem: Invalid | None = None) -> Response:
    wanted = await organisation_row.requirement(unit.conn)
    return render(
        request,
        "people/organisation.html",
        status=problem.status if problem else 200,
        name=name,
        wanted=wanted,
        choices=list(WORDS.items()),
        lacking=await lacking(unit, wanted),
        faults=by_field(problem),
    )
