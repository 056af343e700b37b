"""What the pages share: faults by field, redirects that stay here, and the cookies of the session and of a visit."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from muster.base.web import csrf
from muster.base.web.services import Caller, services_of
from muster.kit.errors import Denied, Fault, Problem
from muster.people.session import COOKIE, LONGEST, VISIT_COOKIE, csrf_of

Field = Annotated[str, Form(max_length=5000)]
Asked = Annotated[str, Query(max_length=500)]


def see_other(url: str) -> Response:
    """Go there after a form was done."""
    return RedirectResponse(url, 303)


def by_field(problem: Problem | None) -> dict[str, Fault]:
    """The first fault of each field; what has no field of the form is shown above it."""
    found: dict[str, Fault] = {}
    for fault in problem.faults if problem else ():
        found.setdefault(fault.field.partition(".")[0], fault)
    return found


def local_path(wanted: str, otherwise: str = "/") -> str:
    """An address of this Muster to go to; whatever could lead elsewhere is replaced."""
    stays = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if stays and "\\" not in wanted else otherwise


def address(path: str, query: Mapping[str, str | None]) -> str:
    """A path with the parameters that are set."""
    chosen = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


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
