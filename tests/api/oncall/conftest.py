"""The routes of schedules behind the real edge; persons are known by a header."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from muster.base.access import ANONYMOUS, SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.unit import Conn
from muster.base.web import problems
from muster.base.web.render import Renderer
from muster.base.web.services import Caller, Visitors
from muster.base.web.view import View
from muster.kit.errors import Denied, Problem
from muster.oncall import api, pages
from muster.people.actions.persons import create_person
from muster.people.drafts import PersonDraft
from muster.people.store import contact_rows, person_named

LEVELS = {"vi": Level.VIEWER, "ana": Level.RESPONDER, "bo": Level.MANAGER}
PRIMARY = "/api/v1/schedules/platform-primary"


def definition(*people: str, name: str = "platform-primary", **layer: Any) -> dict[str, Any]:
    weekly = {"name": "weekly", "people": list(people), "rotate": "weekly", "hand_off": "Mon 09:00"}
    return {"name": name, "time_zone": "Europe/Stockholm", "layers": [{**weekly, "start": "2026-01-05", **layer}]}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """The routes behind the real edge; persons are known by a header, bo (a manager) unless said otherwise."""

    async def authenticate(conn: Conn, request: Request) -> Caller:
        person = await person_named(conn, request.headers["x-name"])
        return Caller(Principal(Kind.PERSON, person.name, person.level, person.id) if person else ANONYMOUS)

    async def view(conn: Conn, request: Request, caller: Caller) -> View:
        return View(database.clock.now(), caller.principal, zone="Europe/Lisbon", path=request.url.path)

    async def denied(principal: Principal, refused: Denied, request: Request) -> None:
        return None

    async def show(request: Request, problem: Problem) -> Response:
        return problems.as_response(problem)

    async with database.unit(SYSTEM) as unit:
        for name, level in LEVELS.items():
            email = f"{name}@contoso.example"
            person = await create_person(
                unit,
                PersonDraft(name=name, email=email, full_name=name.title(), time_zone="UTC", permission=level.label),
            )
            await contact_rows.insert(unit.conn, person.id, person.id, "email", email, 1, None, unit.now)
            await contact_rows.verify(unit.conn, person.id, "code", unit.now)
    app = FastAPI()
    app.state.services = Services(database, Settings(), Visitors(authenticate, view, denied, show))
    app.state.renderer = Renderer()
    for router in (*api.ROUTERS, *pages.ROUTERS):
        app.include_router(router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://muster", headers={"x-name": "bo"}) as client:
        yield client


@pytest.fixture
async def primary(client: httpx2.AsyncClient) -> dict[str, Any]:
    """A schedule in which ana and bo take turns by the week."""
    saved: dict[str, Any] = (await client.post("/api/v1/schedules", json=definition("ana", "bo"))).json()
    return saved


async def take_proof(database: Database, name: str) -> None:
    """Let nothing prove any more that pages reach somebody."""
    async with database.unit(SYSTEM) as unit:
        await unit.conn.execute(
            """UPDATE contacts SET verified_at = NULL, verified_by = ''
               WHERE person_id = (SELECT id FROM persons WHERE name = $1)""",
            name,
        )
