"""How visitors are met: who they are, what every page may know of its request, what becomes of a refusal."""

import contextlib
from datetime import datetime
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from muster.base.access import SYSTEM, Kind, Principal
from muster.base.services import Services
from muster.base.unit import Conn
from muster.base.web.place import route_of
from muster.base.web.problems import try_again
from muster.base.web.render import render
from muster.base.web.services import Caller, Visitors, services_of
from muster.base.web.view import View
from muster.kit.errors import Denied, Problem, Unavailable, Unfinished
from muster.kit.localtime import is_zone
from muster.ledger.actions.denial import record_denial
from muster.operations.actions.machine import Machine
from muster.operations.actions.standing import NodeStanding
from muster.paging.health import LOOKED_AT, Health, health
from muster.paging.store import deliveries, loops
from muster.people import store as people
from muster.people.actions.authenticate import Gate
from muster.people.pages.confirming import confirm

THEMES = ("auto", "light", "dark")


def visitors(services: Services) -> Visitors:
    """What the edge asks of the features about those who ask."""
    return Visitors(services.of(Gate).authenticate, view_of, record, show_problem, confirm)


async def record(principal: Principal, denial: Denied, request: Request) -> None:
    """Keep a denial in the ledger, unless the database is away."""
    with contextlib.suppress(Unavailable):
        async with services_of(request).database.unit(SYSTEM) as unit:
            reason = denial.detail or denial.title
            await record_denial(unit, principal, denial.permission, route_of(request), reason)


async def view_of(conn: Conn, request: Request, caller: Caller) -> View:
    """The onlooker of a page: their zone, theme and session."""
    services = services_of(request)
    now = services.database.clock.now()
    person = await people.person(conn, caller.principal.person_id) if caller.principal.person_id else None
    told = request.cookies.get("muster_zone", "UTC")
    zone = person.time_zone if person and person.time_zone != "UTC" else told
    theme = request.cookies.get("muster_theme", "auto")
    path = await _path(conn, now) if caller.principal.person_id else None
    machine = [trouble.sentence for trouble in services.of(Machine).everywhere]
    return View(
        now=now,
        principal=caller.principal,
        zone=zone if is_zone(zone) else "UTC",
        theme=theme if theme in THEMES else "auto",
        csrf=caller.csrf or "",
        path=request.url.path,
        organisation=await people.organisation_name(conn) or "Muster",
        proven_at=path.proven_at if path else None,
        path_trouble=(path.trouble or next(iter(machine), "")) if path else "",
        rehearsal=services.of(NodeStanding).rehearsal,
    )


async def _path(conn: Conn, now: datetime) -> Health:
    return health(await deliveries.used_channels(conn, now - LOOKED_AT), now, await loops.rounds(conn))


async def show_problem(request: Request, problem: Problem) -> Response:
    """A refusal as a page; a visitor who is not signed in is sent to sign in and comes back afterwards."""
    if problem.status == 401 and request.method == "GET":
        back = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""), safe="/")
        return RedirectResponse(f"/sign-in?next={back}", 303)
    if isinstance(problem, Unfinished) and request.method == "GET":
        return RedirectResponse("/me/factors", 303)
    if not hasattr(request.state, "view"):
        request.state.view = View(services_of(request).database.clock.now(), path=request.url.path)
    signed_in = request.state.view.principal.kind is not Kind.ANONYMOUS
    way_out = {"label": "Go to Now", "url": "/"} if signed_in else {"label": "Sign in", "url": "/sign-in"}
    shown = render(request, "problem.html", status=problem.status, problem=problem, way_out=way_out)
    shown.headers.update(try_again(problem))
    return shown
