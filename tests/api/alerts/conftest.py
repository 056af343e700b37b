"""The routes and pages of alerts behind the real edge, with persons known by a header and an intake with real formats."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from tests.store.alerts.conftest import SECRETS, intake, send, told

from muster.alerts import api, pages
from muster.alerts.actions.intake import Intake
from muster.alerts.formats import Formats
from muster.base.access import ANONYMOUS, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.unit import Conn
from muster.base.web import problems
from muster.base.web.render import Renderer
from muster.base.web.services import Caller, Visitors
from muster.base.web.view import View
from muster.inbound import api as wire
from muster.inbound.formats import InboundFormats, forms
from muster.kit.errors import Denied, Problem

__all__ = ["intake", "send", "told"]
LEVELS = {"vera": Level.VIEWER, "ana": Level.RESPONDER, "mona": Level.MANAGER}
MONA, VERA = {"x-name": "mona"}, {"x-name": "vera"}


@pytest.fixture
async def client(database: Database, intake: Intake) -> AsyncIterator[httpx2.AsyncClient]:
    """The responder Ana asks unless a header says otherwise."""

    async def authenticate(conn: Conn, request: Request) -> Caller:
        name = request.headers.get("x-name", "ana")
        return Caller(Principal(Kind.PERSON, name, LEVELS[name]) if name in LEVELS else ANONYMOUS)

    async def view(conn: Conn, request: Request, caller: Caller) -> View:
        return View(database.clock.now(), caller.principal, path=request.url.path)

    async def denied(principal: Principal, refused: Denied, request: Request) -> None:
        return None

    async def show(request: Request, problem: Problem) -> Response:
        return problems.as_response(problem)

    app = FastAPI()
    visitors = Visitors(authenticate, view, denied, show)
    app.state.services = Services(database, Settings(), visitors, Formats(forms(), InboundFormats()), SECRETS)
    app.state.renderer = Renderer()
    for router in (*api.ROUTERS, *pages.ROUTERS, *wire.ROUTERS):
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://muster", headers={"x-name": "ana"}) as client:
        yield client
