"""The routes of people behind the real edge, with real sign-in."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from muster.base.access import SYSTEM, Principal
from muster.base.db.database import Database
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.unit import Conn
from muster.base.web import problems
from muster.base.web.render import Renderer
from muster.base.web.services import Caller, Visitors
from muster.base.web.view import View
from muster.kit.errors import Denied, Fault, Problem
from muster.people import api, pages
from muster.people.actions.authenticate import Gate
from muster.people.actions.locks import Locks
from muster.people.actions.setup import initialise
from muster.people.pages.confirming import confirm
from muster.people.reach import ContactKind, Reach
from muster.people.site import site_of

PASSWORD = "correct horse battery staple"


def wrong_address(kind: str, address: str) -> Fault | None:
    """Stands for what a channel knows of its addresses."""
    if kind == "webhook" and not address.startswith(("http://", "https://")):
        return Fault("address", "A webhook is an http or https address.", "Begin it with https://.")
    return None


def _unseal(sealed: str, row: str) -> str:
    """Opens what was sealed for the same row."""
    name, _, secret = sealed.partition(" ")
    assert name == row
    return secret[::-1]


KINDS = (
    ContactKind("email", "E-mail", "Address", "ana@contoso.example"),
    ContactKind("webhook", "Webhook", "URL", "https://hooks.example/ana", "Signing secret"),
)


@pytest.fixture
async def app(database: Database) -> FastAPI:
    """The application with nothing but people in it."""
    gate = Gate(database.clock, database.live)

    async def view(conn: Conn, request: Request, caller: Caller) -> View:
        csrf, path = caller.csrf or "", request.url.path
        return View(database.clock.now(), caller.principal, csrf=csrf, path=path, organisation="Contoso")

    async def denied(principal: Principal, refused: Denied, request: Request) -> None:
        return None

    async def show(request: Request, problem: Problem) -> Response:
        return problems.as_response(problem)

    app = FastAPI()
    reach = Reach(KINDS, wrong_address, lambda kind, secret: None, lambda secret, row: f"sealed {row}")
    locks = Locks(lambda secret, row: f"{row} {secret[::-1]}", _unseal, b"k" * 32, site_of("http://localhost:8600"))
    visitors = Visitors(gate.authenticate, view, denied, show, confirm)
    app.state.services = Services(database, Settings(), visitors, reach, locks)
    app.state.renderer = Renderer()
    for router in (*api.ROUTERS, *pages.ROUTERS):
        app.include_router(router)
    return app


@pytest.fixture
def browser(app: FastAPI) -> Callable[..., httpx2.AsyncClient]:
    """Makes clients; each keeps its own cookies."""

    def client(**headers: str) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://muster", headers=headers, follow_redirects=False
        )

    return client


@pytest.fixture
async def root(database: Database, browser: Callable[..., httpx2.AsyncClient]) -> AsyncIterator[httpx2.AsyncClient]:
    """A program with the administrator's token."""
    async with database.unit(SYSTEM) as unit:
        token = await initialise(unit, "Contoso", "root@contoso.example", PASSWORD, full_name="Rut Root")
    async with browser(authorization=f"Bearer {token}") as client:
        yield client
