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

KEY = "the-key-of-the-attacked"
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
class Attacked:
    """The server, Ana's phone, and Ana's browser."""

    muster: Running
    phone: HttpSink
    cookie: str
    csrf: str
    over: asyncio.Event
    """Set when the present attack is to end."""


Attack = Callable[[Attacked, httpx2.AsyncClient, int], Awaitable[None]]


async def forged_link(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """Nobody's: no credentials."""
    await http.post(f"/a/{'A' * 80}{number:04}")


async def forged_link_of_a_bundle(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """The same for the link of a gathered message."""
    await http.post(f"/a/all/{'A' * 80}{number:04}")


async def refused_in_the_browser(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """A responder's: what they may not do is recorded."""
    form = {"csrf": attacked.csrf, "note": f"Note {number}."}
    headers = {"origin": attacked.muster.url, "cookie": attacked.cookie}
    answer = await http.post("/incidents/INC-1/close", data=form, headers=headers)
    assert answer.status_code in (403, 503), answer.text


async def dry_run_of_manifests(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """An administrator's."""
    source = f"{{kind: Person, name: p{number}, email: p{number}@contoso.example}}"
    body = {"dry_run": True, "sources": [{"file": "a.yaml", "text": source}]}
    await http.post("/api/v1/apply", json=body, headers=authorised(attacked))


async def dry_run_of_an_import(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """An administrator's, too."""
    body = {"files": {"users.json": '{"users": []}'}}
    await http.post("/api/v1/imports/pagerduty?dry_run=true", json=body, headers=authorised(attacked))


async def slow_body(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """Nobody's: a body of which the rest never comes."""
    head = f"POST /api/v1/incidents HTTP/1.1\r\nhost: muster\r\ncontent-type: application/json\r\ncontent-length: {2000}\r\n\r\n{{"
    await _hold_open(attacked, head.encode())


async def idle(attacked: Attacked, http: httpx2.AsyncClient, number: int) -> None:
    """Nobody's: a connection on which nothing is asked."""
    await _hold_open(attacked, b"")


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
async def attacked() -> AsyncIterator[Attacked]:
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
            cookie = "; ".join(f"{kept.name}={kept.value}" for kept in browser.cookies.jar)
        yield Attacked(muster, phone, cookie, csrf(page.text), asyncio.Event())


@pytest.mark.parametrize("attack", KINDS, ids=lambda attack: attack.__name__)
async def test_alerts_are_taken_and_paged_whoever_stands_at_the_door(attacked: Attacked, attack: Attack) -> None:
    names = [f"{attack.__name__} {number}" for number in range(ALERTS)]
    async with asyncio.timeout(PATIENCE), under(attacked, attack):
        assert await asyncio.gather(*(post(attacked.muster, name) for name in names)) == [200] * ALERTS
        while not set(names) <= paged(attacked.phone):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            assert (await http.get(f"{attacked.muster.url}/healthz")).status_code == 200
            assert (await http.get(f"{attacked.muster.url}/readyz")).status_code == 200
    async with asyncio.timeout(PATIENCE):
        while (await attacked.muster.api("GET", "/api/v1/incidents")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_what_was_refused_is_recorded_once_the_unit_has_ended_and_forged_links_are_not(
    attacked: Attacked,
) -> None:
    async with httpx2.AsyncClient(trust_env=False, base_url=attacked.muster.url, timeout=PATIENCE) as http:
        await forged_link(attacked, http, 1)
        await refused_in_the_browser(attacked, http, 1)
    entries = (await attacked.muster.api("GET", "/api/v1/ledger?kind=AccessDenied&limit=200")).json()["items"]
    assert {entry["actor"]["name"] for entry in entries} == {"ana"}
    assert {entry["data"]["permission"] for entry in entries} == {"incident.close"}


async def test_it_stops_in_order_with_hostile_connections_open(attacked: Attacked) -> None:
    async with under(attacked, slow_body):
        await attacked.muster.stop()


@contextlib.asynccontextmanager
async def under(attacked: Attacked, attack: Attack) -> AsyncIterator[None]:
    """Attack on all connections until the block ends."""
    begun, everybody = 0, asyncio.Event()
    attacked.over = asyncio.Event()

    async def one(http: httpx2.AsyncClient, number: int) -> None:
        nonlocal begun
        while not attacked.over.is_set():
            begun += 1
            if begun == CONNECTIONS:
                everybody.set()
            with contextlib.suppress(httpx2.HTTPError, OSError):
                await attack(attacked, http, number)
            await asyncio.sleep(0.01)

    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx2.AsyncClient(
        trust_env=False, base_url=attacked.muster.url, timeout=PATIENCE, limits=limits
    ) as http:
        attackers = [asyncio.create_task(one(http, number)) for number in range(CONNECTIONS)]
        await everybody.wait()
        try:
            yield
        finally:
            attacked.over.set()
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
    texts = " ".join(request.body.decode() for request in phone.requests)
    return set(re.findall(r"[a-z_]+ \d", texts))


def authorised(attacked: Attacked) -> dict[str, str]:
    """The administrator's credentials."""
    return {"authorization": f"Bearer {attacked.muster.token}"}


async def _hold_open(attacked: Attacked, sent: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", attacked.muster.port)
    try:
        writer.write(sent)
        await writer.drain()
        await attacked.over.wait()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
