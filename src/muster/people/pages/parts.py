"""What the pages share: addresses that stay here, and the cookies of the session and of a visit."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import Request, Response

from muster.base.unit import Unit
from muster.base.web import csrf
from muster.base.web.cookies import Cookie
from muster.base.web.forms import address, see_other
from muster.base.web.services import Caller, services_of
from muster.base.web.typed import template
from muster.kit.errors import Denied
from muster.people.actions.cookies import DEVICE, SESSION, VISIT
from muster.people.actions.sessions import SignedIn
from muster.people.person import Person
from muster.people.session import csrf_of
from muster.people.store import factor_rows, organisation_row


@template("people/secret.html")
@dataclass(frozen=True, slots=True)
class ShownOnce:
    """A secret that is shown this once: the token of that name, or a link for a person that works `until` an instant."""

    secret: str
    onward: str
    token: str = ""
    person: Person | None = None
    until: datetime | None = None


def local_path(wanted: str, otherwise: str = "/") -> str:
    """An address of this Muster to go to; whatever could lead elsewhere is replaced."""
    stays = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if stays and "\\" not in wanted else otherwise


def begin_visit(request: Request) -> str | None:
    """Let the forms of somebody who is not signed in prove where they came from; returns a cookie to set, if any."""
    present = cookie_of(request, VISIT)
    fresh = None if present else secrets.token_urlsafe(32)
    if not request.state.view.signed_in:
        token = csrf_of(fresh or present)
        request.state.view = replace(request.state.view, csrf=token)
    return fresh


async def check_visit(request: Request, caller: Caller) -> None:
    """Refuse a form of somebody who is not signed in that another site could have sent; the edge checks all others.

    Raises:
        Denied: the form's token or the cookie is absent or wrong.
    """
    if caller.csrf is not None:
        return
    cookie = cookie_of(request, VISIT)
    if not cookie:
        settings = services_of(request).settings
        where = f"open Muster at {settings.base_url}" if settings.secure else "try again"
        raise Denied(
            "Your browser sent no cookie.", f"Let it keep cookies of this site, and {where}.", permission="csrf"
        )
    await csrf.check(request, csrf_of(cookie))


def cookie_of(request: Request, cookie: Cookie) -> str:
    """What the browser sent of a cookie."""
    return cookie.read(request.cookies, secure=services_of(request).settings.secure)


def keep_cookie(request: Request, response: Response, cookie: Cookie, value: str | None) -> Response:
    """Set a cookie that scripts cannot read and other sites do not send along; None leaves it as it is."""
    if value is not None:
        cookie.keep(response, value, secure=services_of(request).settings.secure)
    return response


async def onward(unit: Unit, request: Request, done: SignedIn, next: str) -> Response:
    """Go on once a password or a factor was right: to the second step, to setting one up where that is asked, or to `next`."""
    if done.session.awaits_factor:
        place = address("/sign-in/second-step", {"next": next})
    else:
        requirement = await organisation_row.requirement(unit.conn)
        asked = requirement.due(done.person.level, done.person.created_at) is not None
        lacks = asked and not (await factor_rows.factors_of(unit.conn, done.person.id)).any
        place = address("/me/factors", {"next": next}) if lacks else next
    return signed_in(request, see_other(place), done)


def signed_in(request: Request, response: Response, done: SignedIn) -> Response:
    """Set the cookies of a session that has begun."""
    keep_cookie(request, response, SESSION, done.cookie)
    return keep_cookie(request, response, DEVICE, done.device or None)
