"""Erasing a person in the browser: first what would go and what stays, then the deed."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Conflict, Invalid, Problem
from muster.people.actions.guard import existing_person
from muster.privacy.actions.erase import erase_person, plan_erasure

router = page_router()


@router.get("/settings/people/{name}/erase")
@needs(Permission.PERSON_MANAGE)
async def erase_page(unit: Uses, request: Request, name: str, also: Asked = "") -> Response:
    """Say what would go and what stays."""
    return await _page(unit, request, name, also, "", None)


@router.post("/settings/people/{name}/erase")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_erase(unit: Uses, request: Request, name: str, reason: Field = "", also: Field = "") -> Response:
    """Erase a person for good."""
    try:
        done = await erase_person(unit, name, reason.strip(), words(also))
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, name, also, reason, problem)
    return see_other(f"/settings/people/{done.pseudonym}")


def words(also: str) -> list[str]:
    """Further names, one a line or between commas."""
    return [word.strip() for word in also.replace("\n", ",").split(",") if word.strip()]


async def _page(unit: Uses, request: Request, name: str, also: str, reason: str, problem: Problem | None) -> Response:
    person = await existing_person(unit.conn, name)
    would = None
    try:
        would = await plan_erasure(unit, name, words(also))
    except (Invalid, Conflict) as refused:
        problem = problem or refused
    return render(
        request,
        "privacy/erase.html",
        status=problem.status if problem else 200,
        person=person,
        would=would,
        also=also,
        reason=reason,
        problem=problem,
        faults=by_field(problem),
    )
