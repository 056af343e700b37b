"""The plan's routes behind the real edge, with persons known by a header or a bearer token that is their name."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from muster.alerts.formats import Formats
from muster.base.access import ANONYMOUS, SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.unit import Conn
from muster.base.web import problems
from muster.base.web.services import Caller, Visitors
from muster.base.web.view import View
from muster.inbound.formats import InboundFormats, forms
from muster.kit.errors import Denied, Problem
from muster.ledger.actions.denial import record_denial
from muster.paging.api import dry_run
from muster.people.actions.persons import create_person
from muster.people.actions.teams import create_team
from muster.people.drafts import PersonDraft, TeamDraft
from muster.plan import api

LEVELS = {"vera": Level.VIEWER, "mona": Level.MANAGER}


@pytest.fixture
async def app(database: Database) -> FastAPI:
    """The application; Bo and the team security exist."""

    async def authenticate(conn: Conn, request: Request) -> Caller:
        name = request.headers.get("x-name") or request.headers.get("authorization", "").removeprefix("Bearer ")
        return Caller(Principal(Kind.PERSON, name, LEVELS[name]) if name in LEVELS else ANONYMOUS)

    async def view(conn: Conn, request: Request, caller: Caller) -> View:
        return View(database.clock.now(), caller.principal, path=request.url.path)

    async def denied(principal: Principal, refused: Denied, request: Request) -> None:
        async with database.unit(SYSTEM) as unit:
            await record_denial(unit, principal, refused.permission, request.url.path, refused.detail)

    async def show(request: Request, problem: Problem) -> Response:
        return problems.as_response(problem)

    async with database.unit(SYSTEM) as unit:
        await create_person(unit, PersonDraft(name="bo", email="bo@contoso.example"))
        await create_team(unit, TeamDraft(name="security", title="", members=("bo",)))
    app = FastAPI()
    formats = Formats(forms(), InboundFormats())
    app.state.services = Services(database, Settings(), Visitors(authenticate, view, denied, show), formats)
    app.include_router(api.router)
    app.include_router(dry_run.router)
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The manager Mona asks unless a header says otherwise."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://muster/api/v1", headers={"x-name": "mona"}
    ) as client:
        yield client
