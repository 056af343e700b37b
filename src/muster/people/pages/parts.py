"""What the pages share: addresses that stay here, and the cookies of the session and of a visit."""

import secrets
from dataclasses import replace

from fastapi import Request, Response

from muster.base.web import csrf
from muster.base.web.services import Caller, services_of
from muster.kit.errors import Denied
from muster.people.session import COOKIE, LONGEST, VISIT_COOKIE, csrf_of


def local_path(wanted: str, otherwise: str = "/") -> str:
    """An address of this Muster to go to; whatever could lead elsewhere is replaced."""
    stays = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if stays and "\\" not in wanted else otherwise


def begin_visit(request: Request) -> str | None:
    """Let the forms of somebody who is not signed in prove where they came from; returns a cookie to set, if any."""
    fresh = None if VISIT_COOKIE in request.cookies else secrets.token_urlsafe(32)
    if not request.state.view.signed_in:
        token = csrf_of(fresh or request.cookies[VISIT_COOKIE])
        request.state.view = replace(request.state.view, csrf=token)
    return fresh


async def check_visit(request: Request, caller: Caller) -> None:
    """Refuse a form of somebody who is not signed in that another site could have sent; the edge checks all others.

    Raises:
        Denied: the form's token or the cookie is absent or wrong.
    """
    if caller.csrf is not None:
        return
    cookie = request.cookies.get(VISIT_COOKIE)
    if not cookie:
        raise Denied(
            "Your browser sent no cookie.", "Let it keep cookies of this site, and try again.", permission="csrf"
        )
    await csrf.check(request, csrf_of(cookie))


def keep_cookie(request: Request, response: Response, name: str, value: str | None) -> Response:
    """Set a cookie that scripts cannot read and other sites do not send along; None leaves it as it is."""
    if value is not None:
        seconds = int(LONGEST.total_seconds()) if name == COOKIE else None
        secure = services_of(request).settings.secure_cookies
        response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")
    return response
