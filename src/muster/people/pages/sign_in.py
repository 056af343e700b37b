"""Signing in and out."""

from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import Asked, Field, see_other
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.people.actions import passkeys
from muster.people.actions.braking import Refused
from muster.people.actions.cookies import SESSION, VISIT
from muster.people.actions.locks import locks_of
from muster.people.actions.sessions import sign_out
from muster.people.actions.setup import is_set_up
from muster.people.actions.sign_in import sign_in
from muster.people.api.parts import place_of
from muster.people.pages.parts import begin_visit, check_visit, cookie_of, keep_cookie, local_path, onward
from muster.people.site import Site

router = page_router()


@template("people/sign_in.html")
@dataclass(frozen=True, slots=True)
class SignInPage:
    """Signing in; `asked` is what a passkey is to sign as JSON, or empty, and `refused` why an attempt failed."""

    who: str
    next: str
    refused: Refused | None
    set_up: bool
    asked: str
    site: Site


@router.get("/sign-in")
@public("Whoever signs in is not signed in yet.")
async def sign_in_page(unit: Uses, request: Request, next: Asked = "/") -> Response:
    """Ask for name and password."""
    if request.state.view.signed_in:
        return see_other(local_path(next))
    fresh = begin_visit(request)
    page = await show_sign_in(unit, request, next, set_up=await is_set_up(unit.conn))
    return keep_cookie(request, page, VISIT, fresh)


@router.post("/sign-in")
@public("Whoever signs in is not signed in yet; guessing is slowed down.")
async def do_sign_in(
    unit: Uses, caller: Asker, request: Request, who: Field = "", password: Field = "", next: Field = "/"
) -> Response:
    """Sign in and go on to where they wanted to be."""
    await check_visit(request, caller)
    result = await sign_in(unit, who, password, *place_of(request))
    if isinstance(result, Refused):
        begin_visit(request)
        return await show_sign_in(unit, request, next, who=who, refused=result)
    return await onward(unit, request, result, local_path(next))


@router.post("/sign-out")
@public("It ends nothing but the session of the cookie that it comes with.")
async def do_sign_out(unit: Uses, request: Request) -> Response:
    """End this session."""
    if cookie := cookie_of(request, SESSION):
        await sign_out(unit, cookie)
    response = see_other("/sign-in")
    SESSION.drop(response, secure=services_of(request).settings.secure)
    return response


async def show_sign_in(
    unit: Unit, request: Request, next: str, *, who: str = "", refused: Refused | None = None, set_up: bool = True
) -> Response:
    """The page, with why an attempt was refused if one was; the caller has begun the visit."""
    site, waits = locks_of(request).site, refused.retry_after if refused else 0
    asked = "" if site.obstacle else await passkeys.asking(unit, locks_of(request), passkeys.SIGN_IN)
    return render(
        request,
        SignInPage(who, local_path(next), refused, set_up, asked, site),
        status=200 if refused is None else 429 if waits else 401,
        headers={"retry-after": str(waits)} if waits else {},
    )
