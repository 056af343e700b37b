"""Setting a password through a one-time link."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import Field, by_field
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid
from muster.people.actions.cookies import VISIT
from muster.people.actions.passwords import owner_of_link, use_password_link
from muster.people.api.parts import place_of
from muster.people.pages.parts import begin_visit, check_visit, keep_cookie, onward
from muster.people.person import Person
from muster.people.store import token_rows

router = page_router()


@template("people/password.html")
@dataclass(frozen=True, slots=True)
class PasswordPage:
    """Setting a password through a link; `tokens` is how many API tokens work."""

    person: Person
    faults: Mapping[str, Fault]
    secret: str
    tokens: int


@router.get("/password/{secret}")
@public("The one-time link is the authority.")
async def password_page(unit: Uses, request: Request, secret: str) -> Response:
    """Ask for the new password."""
    person = await owner_of_link(unit, secret)
    fresh = begin_visit(request)
    return keep_cookie(request, await _page(unit, request, person, secret), VISIT, fresh)


@router.post("/password/{secret}")
@public("The one-time link is the authority.")
async def do_set_password(
    unit: Uses, caller: Asker, request: Request, secret: str, password: Field = "", keep_tokens: Field = ""
) -> Response:
    """Set the password and sign in."""
    await check_visit(request, caller)
    person = await owner_of_link(unit, secret)
    try:
        done = await use_password_link(unit, secret, password, *place_of(request), keep_tokens=keep_tokens == "yes")
    except Invalid as problem:
        begin_visit(request)
        return await _page(unit, request, person, secret, problem)
    return await onward(unit, request, done, "/me")


async def _page(unit: Unit, request: Request, person: Person, secret: str, problem: Invalid | None = None) -> Response:
    tokens = await token_rows.count_active(unit.conn, person.id, unit.now)
    page = PasswordPage(person, by_field(problem), secret, tokens)
    return render(request, page, status=problem.status if problem else 200)
