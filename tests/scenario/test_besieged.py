"""Two hundred hostile connections of each kind stand before a real Muster: alerts are taken and pages go out all the same.

A kind is a function that makes one connection's next request, again and again, in `KINDS`. One server serves all of them.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from tests.doubles.http_sink import HttpSink
from tests.running import PASSWORD, Running, csrf

KEY = "the-key-of-the-besieged"
CONNECTIONS = 200
ALERTS = 5
PATIENCE = 120.0
"""In seconds. Without the mending nothing is answered any more, however long one waits."""
MANIFESTS = """
kind: Person
name: ana
email: ana@contoso.example
permission: responder
contacts: [{kind: webhook, address: "%(phone)s/ana", verified: true}]
---
{kind: Integration, name: prometheus, format: alertmanager, key: %(key)s}
---
kind: Plan
name: main
severities: {critical: {acknowledge_within: 1h}}
severity_rules: [{if: 'true', then: critical}]
routes: [{if: 'true', to: first}]
grouping: {by: [alertname], window: 10m}
escalation:
  first: [{notify: ["person:ana"], wait: 1h}]
"""


@dataclass
class Besieged:
    """The server, Ana's phone, and Ana's browser."""

    muster: Running
    phone: HttpSink
    cookie: str
    csrf: str
    over: asyncio.Event
    """Set when the present attack is to end."""


Attack = Callable[[Besieged, httpx2.AsyncClient, int], Awaitable[None]]


async def forged_link(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """Nobody's: no credentials."""
    await http.post(f"/a/{'A' * 80}{number:04}")


async def forged_link_of_a_bundle(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """The same for the link of a gathered message."""
    await http.post(f"/a/all/{'A' * 80}{number:04}")


async def refused_in_the_browser(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """A responder's: what they may not do is recorded."""
    form = {"csrf": besieged.csrf, "note": f"Note {number}."}
    headers = {"origin": besieged.muster.url, "cookie": besieged.cookie}
    answer = await http.post("/incidents/INC-1/close", data=form, headers=headers)
    assert answer.status_code in (403, 503), answer.text


async def dry_run_of_manifests(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """An administrator's."""
    source = f"{{kind: Person, name: p{number}, email: p{number}@contoso.example}}"
    body = {"dry_run": True, "sources": [{"file": "a.yaml", "text": source}]}
    await http.post("/api/v1/apply", json=body, headers=authorised(besieged))


async def dry_run_of_an_import(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """An administrator's, too."""
    body = {"files": {"users.json": '{"users": []}'}}
    await http.post("/api/v1/imports/pagerduty?dry_run=true", json=body, headers=authorised(besieged))


async def slow_body(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """Nobody's: a body of which the rest never comes."""
    head = f"POST /api/v1/incidents HTTP/1.1\r\nhost: muster\r\ncontent-type: application/json\r\ncontent-length: {2000}\r\n\r\n{{"
    await _hold_open(besieged, head.encode())


async def idle(besieged: Besieged, http: httpx2.AsyncClient, number: int) -> None:
    """Nobody's: a connection on which nothing is asked."""
    await _hold_open(besieged, b"")


KINDS: tuple[Attack, ...] = (
    forged_link,
    forged_link_of_a_bundle,
    refused_in_the_browser,
    dry_run_of_manifests,
    dry_run_of_an_import,
    slow_body,
    idle,
)


@pytest.fixture(scope="module")
async def besieged() -> AsyncIterator[Besieged]:
    """A server with one incident, whose responder is signed in."""
    async with HttpSink() as phone, Running() as muster:
        await muster.init()
        await muster.apply(MANIFESTS % {"phone": phone.url, "key": KEY})
        assert await post(muster, "First") == 200
        await phone.wait(1, within=PATIENCE)
        link = (await muster.json("person", "password-link", "ana"))["url"]
        async with httpx2.AsyncClient(trust_env=False, base_url=muster.url, follow_redirects=True) as browser:
            form = {"csrf": csrf((await browser.get(link)).text), "password": PASSWORD}
            page = await browser.post(link, data=form, headers={"origin": muster.url})
            assert page.status_code == 200, page.text
            cookie = "; ".join(f"{each.name}={each.value}" for each in browser.cookies.jar)
        yield Besieged(muster, phone, cookie, csrf(page.text), asyncio.Event())


@pytest.mark.parametrize("attack", KINDS, ids=lambda attack: attack.__name__)
async def test_alerts_are_taken_and_paged_whoever_stands_at_the_door(besieged: Besieged, attack: Attack) -> None:
    names = [f"{attack.__name__} {number}" for number in range(ALERTS)]
    async with asyncio.timeout(PATIENCE), under(besieged, attack):
        assert await asyncio.gather(*(post(besieged.muster, name) for name in names)) == [200] * ALERTS
        while not set(names) <= paged(besieged.phone):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            assert (await http.get(f"{besieged.muster.url}/healthz")).status_code == 200
            assert (await http.get(f"{besieged.muster.url}/readyz")).status_code == 200
    async with asyncio.timeout(PATIENCE):
        while (await besieged.muster.api("GET", "/api/v1/incidents")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_what_was_refused_is_recorded_once_the_unit_has_ended_and_forged_links_are_not(
    besieged: Besieged,
) -> None:
    async with httpx2.AsyncClient(trust_env=False, base_url=besieged.muster.url, timeout=PATIENCE) as http:
        await forged_link(besieged, http, 1)
        await refused_in_the_browser(besieged, http, 1)
    entries = (await besieged.muster.api("GET", "/api/v1/ledger?kind=AccessDenied&limit=200")).json()["items"]
    assert {entry["actor"]["name"] for entry in entries} == {"ana"}
    assert {entry["data"]["permission"] for entry in entries} == {"incident.close"}


async def test_it_stops_in_order_with_hostile_connections_open(besieged: Besieged) -> None:
    async with under(besieged, slow_body):
        await besieged.muster.stop()


@contextlib.asynccontextmanager
async def under(besieged: Besieged, attack: Attack) -> AsyncIterator[None]:
    """Attack on all connections until the block ends."""
    begun, everybody = 0, asyncio.Event()
    besieged.over = asyncio.Event()

    async def one(http: httpx2.AsyncClient, number: int) -> None:
        nonlocal begun
        while not besieged.over.is_set():
            begun += 1
            if begun == CONNECTIONS:
                everybody.set()
            with contextlib.suppress(httpx2.HTTPError, OSError):
                await attack(besieged, http, number)
            await asyncio.sleep(0.01)

    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx2.AsyncClient(
        trust_env=False, base_url=besieged.muster.url, timeout=PATIENCE, limits=limits
    ) as http:
        attackers = [asyncio.create_task(one(http, number)) for number in range(CONNECTIONS)]
        await everybody.wait()
        try:
            yield
        finally:
            besieged.over.set()
            await asyncio.gather(*attackers)


async def post(muster: Running, name: str) -> int:
    """Send an alert as Prometheus does."""
    now = datetime.now(UTC)
    alert = {
        "labels": {"alertname": name},
        "annotations": {"summary": name},
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
    }
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
        headers = {"content-type": "application/json"}
        answer = await http.post(f"{muster.url}/i/{KEY}/api/v2/alerts", content=json.dumps([alert]), headers=headers)
    return answer.status_code


def paged(phone: HttpSink) -> set[str]:
    """The alerts that rang, alone or gathered with others."""
    texts = " ".join(each.body.decode() for each in phone.requests)
    return set(re.findall(r"[a-z_]+ \d", texts))


def authorised(besieged: Besieged) -> dict[str, str]:
    """The administrator's credentials."""
    return {"authorization": f"Bearer {besieged.muster.token}"}


async def _hold_open(besieged: Besieged, sent: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", besieged.muster.port)
    try:
        writer.write(sent)
        await writer.drain()
        await besieged.over.wait()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
