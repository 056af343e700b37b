"""The ledger over HTTP: lists, verification, seals and the export, for programs and in the browser."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
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
from muster.ledger import api, pages
from muster.ledger.actions import record_all
from muster.ledger.actions.denial import record_denial
from muster.ledger.actions.keyfile import load_or_create_key
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.ledger.export import verify_export
from muster.ledger.key import LedgerKey, key_text

NOTE_WRITTEN = EventKind("NoteWritten", "Somebody wrote a note.")

LEVELS = {"vera": Level.VIEWER, "mona": Level.MANAGER, "ada": Level.ADMINISTRATOR}
MONA, ADA = {"x-name": "mona"}, {"x-name": "ada"}


@pytest.fixture
def key(tmp_path: Path) -> LedgerKey:
    """This Muster's key."""
    return load_or_create_key(tmp_path / "ledger.key")


@pytest.fixture
async def client(database: Database, key: LedgerKey) -> AsyncIterator[httpx2.AsyncClient]:
    """The ledger's routes behind the real edge, with persons known by a header."""

    async def authenticate(conn: Conn, request: Request) -> Caller:
        name = request.headers.get("x-name", "vera")
        principal = Principal(Kind.PERSON, name, LEVELS[name]) if name in LEVELS else ANONYMOUS
        return Caller(principal)

    async def view(conn: Conn, request: Request, caller: Caller) -> View:
        return View(database.clock.now(), caller.principal, path=request.url.path)

    async def denied(principal: Principal, refused: Denied, request: Request) -> None:
        async with database.unit(SYSTEM) as unit:
            await record_denial(unit, principal, refused.permission, request.url.path, refused.detail)

    async def show(request: Request, problem: Problem) -> Response:
        return problems.as_response(problem)

    app = FastAPI()
    app.state.services = Services(database, Settings(), Visitors(authenticate, view, denied, show), key)
    app.state.renderer = Renderer()
    app.include_router(api.router)
    app.include_router(pages.router)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://muster", headers={"x-name": "vera"}) as client:
        yield client


@pytest.fixture(autouse=True)
async def entries(database: Database, clock: Any) -> None:
    """Seven entries in three streams, a minute apart."""
    for number in range(7):
        event = Event(f"incident:{number % 3}", NOTE_WRITTEN, {"text": f"note <{number}>"}, "because" * (number % 2))
        async with database.unit(Principal(Kind.PERSON, "mona" if number % 2 else "vera", Level.MANAGER)) as unit:
            await record_all(unit, [event])
        clock.move(timedelta(minutes=1))


async def test_entries_are_listed_newest_first_page_by_page(client: httpx2.AsyncClient) -> None:
    seen: list[int] = []
    after = None
    while True:
        params = {"limit": 3, **({"after": after} if after else {})}
        page = (await client.get("/api/v1/ledger", params=params)).raise_for_status().json()
        seen += [each["position"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


async def test_entries_are_filtered(client: httpx2.AsyncClient, clock: Any) -> None:
    async def texts(**params: Any) -> list[str]:
        page = (await client.get("/api/v1/ledger", params=params)).raise_for_status().json()
        return [each["data"]["text"] for each in page["items"]]

    assert await texts(actor="mona", stream="incident:1") == ["note <1>"]
    assert await texts(kind="Other") == []
    assert await texts(q="NOTE <5>") == ["note <5>"]
    assert await texts(q="%") == []
    assert await texts(since=(clock.now() - timedelta(minutes=2)).isoformat()) == ["note <6>", "note <5>"]
    first = (await client.get("/api/v1/ledger/streams/incident:0")).json()["items"][0]
    assert await texts(above=first["position"], limit=2) == ["note <1>", "note <2>"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/ledger?after=nonsense", 422),
        ("/api/v1/ledger?since=2026-03-02T09:00:00", 422),
        ("/api/v1/ledger?since=0001-01-01T00:00:00%2B14:00", 422),
        ("/api/v1/ledger?above=-1", 422),
        ("/api/v1/ledger?stream=%00", 422),
        ("/api/v1/ledger/streams/nothing", 404),
        ("/ledger?since=yesterday", 422),
        ("/ledger/entries/99999999", 404),
        ("/ledger/entries/0", 404),
        ("/ledger/streams/nothing", 404),
    ],
)
async def test_what_cannot_be_read_is_refused(client: httpx2.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text


async def test_verifying_and_sealing_need_their_permissions_and_refusals_are_recorded(
    client: httpx2.AsyncClient,
) -> None:
    assert (await client.post("/api/v1/ledger/verify", json={})).status_code == 403
    assert (await client.get("/api/v1/ledger/export")).status_code == 403
    assert (await client.post("/api/v1/ledger/seals", json={}, headers=MONA)).status_code == 403
    denials = (await client.get("/api/v1/ledger/streams/access")).json()["items"]
    assert [(each["actor"]["name"], each["data"]["permission"]) for each in denials] == [
        ("vera", "ledger.export"),
        ("mona", "ledger.seal"),
    ]
    assert (await client.get("/api/v1/ledger", headers={"x-name": "nobody"})).status_code == 401


async def test_the_ledger_is_sealed_and_verified(client: httpx2.AsyncClient, key: LedgerKey) -> None:
    seal = (await client.post("/api/v1/ledger/seals", json={"reason": "audit"}, headers=ADA)).raise_for_status().json()
    assert (seal["number"], seal["heads"], seal["public_key"]) == (1, 4, key_text(key.public))
    body = {"kept": {"1": seal["hash"]}}
    verdict = (await client.post("/api/v1/ledger/verify", json=body, headers=MONA)).raise_for_status().json()
    assert verdict["sound"]
    assert (verdict["entries"], verdict["seals"], verdict["unsealed"]) == (8, 1, 0)
    wrong = (await client.post("/api/v1/ledger/verify", json={"kept": {"1": "00" * 32}}, headers=MONA)).json()
    assert (wrong["sound"], wrong["breaks"][0]["flaw"]) == (False, "rewritten")
    assert (await client.get("/api/v1/ledger/seals")).json()["items"] == [seal]
    assert (await client.get("/api/v1/ledger/key")).json() == {"public_key": key_text(key.public)}


@pytest.mark.parametrize("body", [{"public_keys": ["x"]}, {"kept": {"1": "xyz"}}, {"kept": {"0": "00" * 32}}, {"a": 1}])
async def test_a_verification_against_nonsense_is_refused(client: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/api/v1/ledger/verify", json=body, headers=MONA)
    assert answer.status_code == 422
    assert answer.json()["faults"]


@pytest.mark.parametrize("path", ["/api/v1/ledger/export", "/ledger/export"])
async def test_the_export_is_verified_offline(client: httpx2.AsyncClient, key: LedgerKey, path: str) -> None:
    answer = (await client.get(path, headers=MONA)).raise_for_status()
    verdict = verify_export(answer.content.splitlines(keepends=True), [key.public])
    assert (verdict.sound, verdict.entries) == (True, 8)


async def test_the_pages_show_entries_streams_and_seals(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/ledger")).raise_for_status().text
    assert "Note written" in page
    assert "note &lt;6&gt;" in page
    assert "Not verified yet" in page
    assert "To export and verify the ledger needs the level manager" in page
    position = (await client.get("/api/v1/ledger")).json()["items"][0]["position"]
    assert "What was recorded" in (await client.get(f"/ledger/entries/{position}")).raise_for_status().text
    assert "note &lt;0&gt;" in (await client.get("/ledger/streams/incident:0")).raise_for_status().text
    assert "No seal yet" in (await client.get("/ledger/seals")).raise_for_status().text
    found = (await client.get("/ledger?q=note+<3>&since=2026-03-02&until=2026-03-02")).raise_for_status().text
    assert ("note &lt;3&gt;" in found, "note &lt;4&gt;" in found) == (True, False)
    assert "No entry fits" in (await client.get("/ledger?until=2026-03-01")).text
    csv = (await client.get("/ledger.csv?stream=incident:0")).raise_for_status().text
    assert csv.count("NoteWritten") == 3


async def test_verifying_in_the_browser_shows_what_was_found(client: httpx2.AsyncClient, database: Database) -> None:
    assert (await client.post("/ledger/seals", headers=ADA)).status_code == 303
    assert (await client.post("/ledger/verify", headers=MONA)).status_code == 303
    page = (await client.get("/ledger")).text
    assert "8 entries and 1 seals are as they were recorded" in " ".join(page.split())
    async with database.read() as conn:
        await conn.execute("ALTER TABLE ledger_events DISABLE TRIGGER ALL")
        await conn.execute("UPDATE ledger_events SET body = '{', actor = 'x' WHERE stream = 'incident:2' AND seq = 1")
    assert (await client.post("/ledger/verify", headers=MONA)).status_code == 303
    page = (await client.get("/ledger?actor=mona")).text
    assert "The ledger was tampered with" in page
    assert "incident:2 1: Its content does not give its hash: it was altered." in page
    altered = (await client.get("/api/v1/ledger/streams/incident:2")).raise_for_status().json()["items"][0]
    assert (altered["data"], altered["actor"]["kind"]) == ("{", "unreadable")
    assert "This entry was altered" in (await client.get(f"/ledger/entries/{altered['position']}")).text
