"""The organisation's name, and who must have a second factor, under settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid
from muster.people import store
from muster.people.actions.requirement import lacking, require_second_factor
from muster.people.actions.setup import rename_organisation
from muster.people.factor import WORDS, Requirement
from muster.people.person import Person
from muster.people.store import organisation_row

router = page_router()


@template("people/organisation.html")
@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """The organisation's name as typed, who must have a second factor, and who lacks one."""

    name: str
    wanted: Requirement
    choices: Sequence[tuple[str, str]]
    lacking: Sequence[Person]
    faults: Mapping[str, Fault]


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
    page = OrganisationPage(name, wanted, list(WORDS.items()), await lacking(unit, wanted), by_field(problem))
    return render(request, page, status=problem.status if problem else 200)
