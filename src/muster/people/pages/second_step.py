"""The second step of signing in: a code or a passkey; and signing in with a passkey alone."""

from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import Asked, Field, see_other
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Missing
from muster.people.actions import passkeys
from muster.people.actions.braking import Refused
from muster.people.actions.cookies import VISIT
from muster.people.actions.locks import locks_of
from muster.people.actions.second_step import STEP, Proof, finish, sign_in_by_passkey, waiting
from muster.people.api.parts import place_of, session_cookie
from muster.people.factor import Factors
from muster.people.pages.parts import begin_visit, check_visit, keep_cookie, local_path, onward
from muster.people.pages.sign_in import show_sign_in
from muster.people.site import Site
from muster.people.store import factor_rows

router = page_router()


@template("people/second_step.html")
@dataclass(frozen=True, slots=True)
class SecondStepPage:
    """The second step of signing in; `asked` is what a passkey is to sign as JSON, or empty."""

    factors: Factors
    asked: str
    site: Site
    next: str
    refused: Refused | None


@router.get("/sign-in/second-step")
@public("Whoever signs in is not signed in yet; the session that waits is the authority.")
async def second_step_page(unit: Uses, request: Request, next: Asked = "/") -> Response:
    """Ask for the second factor."""
    fresh = begin_visit(request)
    try:
        return keep_cookie(request, await _page(unit, request, next), VISIT, fresh)
    except Missing:
        return see_other("/sign-in")


@router.post("/sign-in/second-step")
@public("Whoever signs in is not signed in yet; the session that waits is the authority, and guessing is slowed down.")
async def do_second_step(
    unit: Uses, caller: Asker, request: Request, code: Field = "", credential: Field = "", next: Field = "/"
) -> Response:
    """Finish signing in."""
    await check_visit(request, caller)
    proof = Proof(code=code.strip(), credential=credential)
    try:
        result = await finish(unit, locks_of(request), session_cookie(request), proof, *place_of(request))
    except Missing:
        return see_other("/sign-in")
    if isinstance(result, Refused):
        begin_visit(request)
        return await _page(unit, request, next, result)
    return await onward(unit, request, result, local_path(next))


@router.post("/sign-in/passkey")
@public("Whoever signs in is not signed in yet; a passkey is the authority.")
async def do_sign_in_by_passkey(
    unit: Uses, caller: Asker, request: Request, credential: Field = "", next: Field = "/"
) -> Response:
    """Sign in with a passkey alone."""
    await check_visit(request, caller)
    result = await sign_in_by_passkey(unit, locks_of(request), credential, *place_of(request))
    if isinstance(result, Refused):
        begin_visit(request)
        return await show_sign_in(unit, request, next, refused=result)
    return await onward(unit, request, result, local_path(next))


async def _page(unit: Unit, request: Request, next: str, refused: Refused | None = None) -> Response:
    _, person = await waiting(unit, session_cookie(request))
    factors = await factor_rows.factors_of(unit.conn, person.id)
    locks = locks_of(request)
    asked = await passkeys.asking(unit, locks, f"{STEP}:{person.id}", person) if factors.passkeys else ""
    status = 200 if refused is None else 429 if refused.retry_after else 401
    return render(
        request,
        SecondStepPage(factors, asked, locks.site, local_path(next), refused),
        status=status,
        headers={"retry-after": str(refused.retry_after)} if refused and refused.retry_after else {},
    )
