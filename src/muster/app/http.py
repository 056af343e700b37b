"""Assembles the HTTP application from the features' routers."""

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp

from muster import __version__
from muster.base.features import installed, routers
from muster.base.services import Services
from muster.base.web import problems
from muster.base.web.assets import serve_static
from muster.base.web.headers import Protect
from muster.base.web.render import Renderer
from muster.base.web.services import Visitors, services_of
from muster.kit.errors import Missing, Problem
from muster.kit.masking import mask_path
from muster.kit.networks import networks
from muster.operations.actions.standing import NodeStanding
from muster.operations.api import security_txt
from muster.operations.settings import OutsideSettings

DESCRIPTION = (
    "Everything that the pages and the command line do. Refusals are RFC 9457 problem details that name the rule and the fix; "
    "lists are paged by cursor; writes accept an Idempotency-Key."
)


def build(services: Services) -> ASGIApp:
    """The ASGI application for these services.

    Raises:
        Invalid: a setting of it cannot be read.
    """
    networks(services.settings.of(OutsideSettings).metrics_from, "MUSTER_METRICS_FROM")
    security_txt.check_contact(services.settings.of(OutsideSettings).security_contact)
    app = FastAPI(
        title="Muster",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # Its redirects would name the host that the request names, which anybody may write.
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.renderer = Renderer()
    app.add_route("/static/{hash}/{name:path}", serve_static, methods=["GET", "HEAD"])
    for router in routers(installed()):
        app.include_router(router)
    app.add_exception_handler(HTTPException, _unrouted)
    app.add_exception_handler(Missing, _missing)
    settings, standing = services.settings, services.of(NodeStanding)
    return Protect(
        app, settings.max_body, hsts=settings.https and settings.hsts, rehearses=lambda: bool(standing.rehearsal)
    )


async def _missing(request: Request, error: Any) -> Response:
    """Of a route outside of the edge."""
    return problems.as_response(error)


def _without_slash(request: Request) -> str:
    """The address, without its host, that would be served if the slash at its end were left out; empty if none."""
    path = request.url.path
    bare = "/" + path.strip("/")
    if path == bare or not path.endswith("/"):
        return ""
    scope = {**request.scope, "path": bare}
    if all(route.matches(scope)[0] is Match.NONE for route in request.app.router.routes):
        return ""
    return quote(bare) + (f"?{request.url.query}" if request.url.query else "")


async def _unrouted(request: Request, error: Any) -> Response:
    problem: Problem = problems.problem_of(error)
    if problem.status == 404 and (place := _without_slash(request)):
        return RedirectResponse(place, 307)
    if problem.status == 404:
        problem = Missing("There is no such address.", f"Nothing is served at {mask_path(request.url.path)}.")
    if request.url.path.startswith("/api/"):
        return problems.as_response(problem)
    return await services_of(request).of(Visitors).show_problem(request, problem)
