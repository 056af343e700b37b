"""Real nodes on one PostgreSQL, with one sender and one phone: what the faults of processes are replayed with."""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from tests.doubles.http_sink import HttpSink
from tests.running import Running

KEY = "the-key-of-the-fleet"
MANIFESTS = """
kind: Person
name: ana
email: ana@contoso.example
contacts: [{kind: webhook, address: "%s/ana", verified: true}]
---
{kind: Integration, name: prometheus, format: alertmanager, key: %s}
---
kind: Plan
name: main
severities: {critical: {acknowledge_within: 1h}}
severity_rules: [{if: 'true', then: critical}]
routes: [{if: 'true', to: first}]
grouping: {by: [alertname], window: 10m}
escalation: {first: [{notify: ["person:ana"], wait: 1h}]}
"""


@contextlib.asynccontextmanager
async def database_on(server: Mapping[str, Any]) -> AsyncIterator[str]:
    """The address of an empty database on a server."""
    name = f"fleet_{uuid4().hex[:12]}"
    await _order(server, f'CREATE DATABASE "{name}"')
    try:
        yield url_of(server, name)
    finally:
        await _order(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _order(server: Mapping[str, Any], sql: str) -> None:
    admin = await asyncpg.connect(**server)
    try:
        await admin.execute(sql)
    finally:
        await admin.close()


def url_of(server: Mapping[str, Any], name: str) -> str:
    """The address of a database on a server."""
    if dsn := server.get("dsn"):
        return str(httpx2.URL(str(dsn)).copy_with(path=f"/{name}"))
    return f"postgresql://{server['user']}@/{name}?host={server['host']}&port={server['port']}"


@contextlib.asynccontextmanager
async def muster(url: str, phone: HttpSink, **settings: object) -> AsyncIterator[Running]:
    """A node with Ana, her phone and a sender's key; without `url` it runs its own PostgreSQL."""
    async with Running(**({"database_url": url} if url else {}), **settings) as node:
        await node.init()
        await node.apply(MANIFESTS % (phone.url, KEY))
        yield node


def beside(first: Running, **settings: object) -> Running:
    """Another node of the same Muster, not started: it has the same keys."""
    other = Running(database_url=first.environment["MUSTER_DATABASE_URL"], **settings)
    (other.folder / "data").mkdir(mode=0o711)
    for name in ("secret.key", "ledger.key"):
        shutil.copy(first.folder / "data" / name, other.folder / "data" / name)
    other.token = first.token
    return other


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of its own, which only root can mount."""
    if os.geteuid() != 0:
        pytest.skip("Only root can mount a small file system.")
    place.mkdir(mode=0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextlib.contextmanager
def filled(place: Path, *, but: int = 0) -> Iterator[None]:
    """A disk that is full, but for so many bytes."""
    ballast, block = place / "ballast", bytes(4096)
    with ballast.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(block) == len(block):
                pass
        if but:
            file.truncate(file.tell() - but)
    try:
        yield
    finally:
        ballast.unlink()


def alerts(*names: str, ended: bool = False) -> bytes:
    """What Prometheus would send of them now."""
    now = datetime.now(UTC)
    until = now if ended else now + timedelta(hours=1)
    return json.dumps(
        [
            {
                "labels": {"alertname": name},
                "annotations": {"summary": name},
                "startsAt": (now - timedelta(seconds=1)).isoformat(),
                "endsAt": until.isoformat(),
            }
            for name in names
        ]
    ).encode()


async def post(node: Running, *names: str, ended: bool = False, within: float = 30) -> list[int]:
    """Send each alert in a request of its own, all at once; the answers' status, 0 where there was none."""
    async with httpx2.AsyncClient(trust_env=False, timeout=within) as http:
        return list(await asyncio.gather(*(_post(http, node, alerts(name, ended=ended)) for name in names)))


async def _post(http: httpx2.AsyncClient, node: Running, body: bytes) -> int:
    headers = {"content-type": "application/json"}
    try:
        answer = await http.post(f"{node.url}/i/{KEY}/api/v2/alerts", content=body, headers=headers)
    except httpx2.HTTPError:
        return 0
    return answer.status_code


async def readyz(node: Running) -> tuple[int, dict[str, Any]]:
    """What a load balancer is told; 0 where nothing answers."""
    try:
        answer = await node.api("GET", "/readyz", token="")
    except httpx2.HTTPError:
        return 0, {}
    return answer.status_code, answer.json()


def pages(phone: HttpSink) -> list[tuple[str, str]]:
    """The alert and the message's id of each page that arrived, repeats and all."""
    return [
        (str(got.json["data"]["title"]), got.headers["webhook-id"])
        for got in phone.requests
        if got.json["type"] != "incident.notice"
    ]


async def paged(phone: HttpSink, names: Sequence[str], times: int = 1) -> None:
    """Wait until each of these alerts was paged so often, counting each message once."""

    def missing() -> list[str]:
        told = set(pages(phone))
        return [name for name in names if sum(title == name for title, _ in told) < times]

    await until(lambda: not missing(), lambda: f"not paged: {missing()}")


async def until(holds: Callable[[], bool], told: Callable[[], str] = str, within: float = 60) -> None:
    """Wait until it holds."""
    try:
        async with asyncio.timeout(within):
            while not holds():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(told() or "It did not come about.") from None
