"""The routes of incidents and the response behind the real edge, with persons known by a header."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from tests.store.incidents.conftest import House, house

from muster.base.access import ANONYMOUS, Principal
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.unit import Conn
from muster.base.web import problems
from muster.base.web.services import Caller, Visitors
from muster.base.web.view import View
from muster.incidents.api import ROUTERS
from muster.kit.errors import Denied, Problem
from muster.response import api as response

__all__ = ["house"]


@pytest.fixture
async def app(house: House) -> FastAPI:
    """The application with incidents in it."""

    async def authenticate(conn: Conn, request: Request) -> Caller:
        return Caller(house.persons.get(request.headers.get("x-name", ""), ANONYMOUS))

    async def view(conn: Conn, request: Request, caller: Caller) -> View:
        return View(house.database.clock.now(), caller.principal, path=request.url.path)

    async def denied(principal: Principal, refused: Denied, request: Request) -> None:
        return None

    async def show(request: Request, problem: Problem) -> Response:
        return problems.as_response(problem)

    app = FastAPI()
    settings = Settings()
    app.state.services = Services(house.database, settings, Visitors(authenticate, view, denied, show))
    for router in (*ROUTERS, response.router):
        app.include_router(router)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The responder Ana asks unless a header says otherwise."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://muster/api/v1", headers={"x-name": "ana"}
    ) as client:
        yield client
