"""A Muster whose time the test moves, with a phone for everybody: what the stories of this folder are told with."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
from tests.conftest import MovableClock
from tests.doubles.http_sink import HttpSink
from tests.places import quick_folder
from tests.settings import settings_of

from muster.alerts.actions.intake import Reply
from muster.alerts.port import Request
from muster.app.muster import Muster
from muster.base.access import SYSTEM, Kind, Principal
from muster.base.http import Http
from muster.base.unit import Unit
from muster.channels.registry import Channels
from muster.incidents.actions.guard import existing
from muster.incidents.incident import Incident
from muster.manifests.actions.apply import ManifestFile, apply
from muster.paging.page import Page
from muster.paging.store import deliveries, pages
from muster.people import store as people

KEY = "story-integration-key"
INTEGRATION = f"{{kind: Integration, name: prometheus, format: alertmanager, key: {KEY}}}"
PLAN = """
kind: Plan
name: main
severities:
  critical: {acknowledge_within: 5m}
  low: {acknowledge_within: 1d}
severity_rules: [{if: 'severity == "low"', then: low}, {if: 'true', then: critical}]
routes: [{if: 'true', to: first}]
grouping: {by: [alertname], window: 10m}
escalation:
  first:
    - {notify: ["person:ana"], wait: 5m}
    - {notify: ["person:bo"], wait: 10m}
    - {notify: ["person:cy"], wait: 15m}
"""


@dataclass(frozen=True, slots=True)
class Text:
    """One message as a phone got it; `id` is what tells repeats apart, `at` the story's time."""

    phone: str
    id: str
    incident: str
    step: int
    link: str
    at: datetime
    body: str


class Phones(HttpSink):
    """A webhook receiver that is everybody's phone: `/ana` is Ana's."""

    def __init__(self, clock: MovableClock) -> None:
        super().__init__()
        self.clock = clock
        self.times: list[datetime] = []

    async def _reply(self, answer: Any, writer: Any) -> bool:
        self.times.append(self.clock.now())
        return await super()._reply(answer, writer)

    @property
    def texts(self) -> list[Text]:
        """Every page and test that arrived, whatever it was answered with; notices wake nobody and are not among them."""
        arrived = zip(self.requests, self.times, strict=False)
        return [_text(each, at) for each, at in arrived if each.json["type"] != "incident.notice"]

    @property
    def notices(self) -> list[Text]:
        """Every notice that arrived."""
        arrived = zip(self.requests, self.times, strict=False)
        return [_text(each, at) for each, at in arrived if each.json["type"] == "incident.notice"]


class Story:
    """`await story.fires("DiskFull"); await story.wait(minutes=5); story.texts`. Made by the fixture `story`."""

    def __init__(
        self, connect: dict[str, Any], clock: MovableClock, phones: Phones, folder: Path, **settings: Any
    ) -> None:
        self.connect, self.clock, self.phones, self.folder = connect, clock, phones, folder
        self.settings = settings
        self.muster: Muster = self.node()

    def node(self, name: str = "node-1", connect: dict[str, Any] | None = None) -> Muster:
        """A Muster on this story's database, not started."""
        folder = self.folder / "data"
        settings = settings_of(data_dir=folder, allow_private_targets=True, node=name, pool_size=6, **self.settings)
        return Muster(settings, connect or self.connect, self.clock)

    @property
    def texts(self) -> list[Text]:
        """What the phones got."""
        return self.phones.texts

    @property
    def notices(self) -> list[Text]:
        """The notices that the phones got."""
        return self.phones.notices

    @property
    def rung(self) -> list[tuple[str, int]]:
        """Which phone rang, and how many minutes after the beginning."""
        began = MovableClock().now()
        return [(each.phone, int((each.at - began).total_seconds() // 60)) for each in self.texts]

    async def restart(self) -> None:
        """Let the process die without a word, and start it anew on the same database."""
        await self.crash()
        self.muster = self.node()
        await self.muster.start()
        await self.muster.runner.drain()

    async def crash(self) -> None:
        """What a kill -9 leaves: no orderly end of anything; its connections are gone."""
        muster = self.muster
        muster.database.hands.let_go()
        tasks = [*muster.runner._tasks, *muster.runner._running, *muster.intake._tasks, *muster._tasks]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(BaseException):
            await asyncio.gather(*tasks, return_exceptions=True)
        # Time passes until it counts as dead.
        with contextlib.suppress(Exception):
            await muster.work.pool.execute(
                "UPDATE nodes SET alive_until = clock_timestamp() - interval '1 s' WHERE id = $1", muster.runner.node.id
            )
        muster.database.terminate()
        await muster.services.of(Channels).close()
        await muster.services.of(Http).close()

    async def apply(self, *texts: str) -> None:
        """Bring manifests about."""
        async with self.muster.database.unit(SYSTEM) as unit:
            text = "\n---\n".join(texts)
            await apply(unit, [ManifestFile("story.yaml", text)], self.muster.services)

    def person(self, name: str, *more: str, phone: bool = True, **fields: object) -> str:
        """The manifest of a person with a phone and other webhook addresses below the phones' root."""
        paths = [name, *more] if phone else list(more)
        contacts = [{"kind": "webhook", "address": f"{self.phones.url}/{path}", "verified": True} for path in paths]
        email = f"{name}@contoso.example"
        data = {"kind": "Person", "name": name, "email": email, "permission": "manager", "contacts": contacts}
        return json.dumps({**data, **fields})

    async def fires(self, *names: str, node: Muster | None = None, status: str = "firing", **labels: str) -> Reply:
        """Alerts begin, as Prometheus says it, and everything that follows at once has happened."""
        reply = await self.posts(*names, node=node, status=status, **labels)
        await self.settle()
        return reply

    async def posts(self, *names: str, node: Muster | None = None, status: str = "firing", **labels: str) -> Reply:
        """The request alone."""
        now = self.clock.now()
        ends = now + timedelta(days=2) if status == "firing" else now - timedelta(seconds=1)
        alerts = [
            {
                "labels": {"alertname": name, **labels},
                "annotations": {"summary": f"{name} happened"},
                "startsAt": (now - timedelta(seconds=2)).isoformat().replace("+00:00", "Z"),
                "endsAt": ends.isoformat().replace("+00:00", "Z"),
            }
            for name in names
        ]
        muster = node or self.muster
        headers = {"content-type": "application/json", "user-agent": "Prometheus/2.42.0"}
        body = json.dumps(alerts).encode()
        return await muster.intake.accept(KEY, Request("/api/v2/alerts", "POST", headers, {}, body, now))

    async def ends(self, *names: str, **labels: str) -> Reply:
        """Alerts are over."""
        return await self.fires(*names, status="resolved", **labels)

    async def settle(self) -> None:
        """Let everything that is due happen, also what the worker's own loop has just taken and what follows from it."""
        waiting = "SELECT count(*) FROM work WHERE lease_until IS NOT NULL OR NOT dead AND run_at <= $1"
        for _ in range(1000):
            await self.muster.runner.drain()
            if not await self.count(waiting, self.clock.now()):
                return
            await asyncio.sleep(0.002)
        raise AssertionError("A job is leased, and nobody works on it.")

    async def wait(self, *, periodic: tuple[str, ...] = (), **time: float) -> None:
        """Let time pass, stopping wherever something is due; what is periodic stops it only where it is named."""
        target = self.clock.now() + timedelta(**time)
        await self.settle()
        while due := await self._next(target, periodic):
            self.clock.instant = max(due, self.clock.instant)
            await self.settle()
        self.clock.instant = target
        await self.settle()

    async def jump(self, to: datetime) -> None:
        """Be at an instant at once, as after a night in which nothing ran."""
        self.clock.instant = to
        await self.settle()

    async def as_(self, name: str) -> Principal:
        """Somebody, for `unit`."""
        async with self.muster.database.read() as conn:
            person = (await people.persons_named(conn, [name]))[name]
        return Principal(Kind.PERSON, name, person.level, person.id)

    @contextlib.asynccontextmanager
    async def unit(self, name: str = "") -> AsyncIterator[Unit]:
        """A unit of somebody's, or of Muster's own."""
        principal = await self.as_(name) if name else SYSTEM
        async with self.muster.database.unit(principal) as unit:
            yield unit
        await self.settle()

    async def tap(self, text: Text) -> httpx2.Response:
        """Press the button behind a message's link."""
        return await self.tap_link(text.link)

    async def tap_link(self, link: str) -> httpx2.Response:
        """Press the button behind a link."""
        transport = httpx2.ASGITransport(app=self.muster.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
            answer = await client.post(link)
        await self.settle()
        return answer

    async def incident(self, number: int = 1) -> Incident:
        """An incident as it is."""
        async with self.muster.database.read() as conn:
            return await existing(conn, str(number))

    async def pages(self, number: int = 1) -> list[Page]:
        """An incident's pages."""
        incident = await self.incident(number)
        async with self.muster.database.read() as conn:
            return await pages.of_incident(conn, incident.id)

    async def messages(self, number: int = 1) -> list[tuple[str, str, str]]:
        """An incident's deliveries: address below the phones' root, state, reason."""
        incident = await self.incident(number)
        async with self.muster.database.read() as conn:
            found = await deliveries.of_incident(conn, incident.id)
        return [(each.address.rpartition("/")[2], str(each.state), each.reason) for each in found]

    async def told(self, number: int = 1) -> list[str]:
        """The kinds of an incident's ledger events, in order."""
        incident = await self.incident(number)
        return [row["kind"] for row in await self._rows(incident.id)]

    async def told_of(self, kind: str, number: int = 1) -> list[dict[str, Any]]:
        """The data of an incident's ledger events of one kind, with the reason."""
        incident = await self.incident(number)
        return [
            {**row["data"], "reason": row["reason"]} for row in await self._rows(incident.id) if row["kind"] == kind
        ]

    async def count(self, query: str, *values: object) -> int:
        """A number from the database."""
        async with self.muster.database.read() as conn:
            return int(await conn.fetchval(query, *values))

    async def _rows(self, incident_id: UUID) -> Sequence[asyncpg.Record]:
        async with self.muster.database.read() as conn:
            return await conn.fetch(
                "SELECT * FROM ledger WHERE stream = $1 ORDER BY position", f"incident:{incident_id}"
            )

    async def _next(self, target: datetime, periodic: tuple[str, ...]) -> datetime | None:
        async with self.muster.database.read() as conn:
            return await conn.fetchval(
                """SELECT min(run_at) FROM work WHERE NOT dead AND lease_until IS NULL AND run_at > $1 AND run_at <= $2
                   AND (key <> 'periodic' OR kind = ANY($3))""",
                self.clock.now(),
                target,
                list(periodic),
            )


def _text(request: Any, at: datetime) -> Text:
    data = request.json["data"]
    step = data["context"].get("step", 0)
    link = data["acknowledge_url"] or ""
    phone = request.path.removeprefix("/")
    return Text(phone, request.headers["webhook-id"], data["incident"], step, link, at, data["body"])


@contextlib.asynccontextmanager
async def told(
    connect: dict[str, Any], clock: MovableClock, *, bare: bool = False, **settings: Any
) -> AsyncIterator[Story]:
    """A running story with Ana, Bo and Cy, one integration and the plan; `bare` leaves all of that out.

    `settings` are those of the Muster beyond the ordinary.
    """
    with quick_folder("muster-story-") as folder:
        async with Phones(clock) as phones:
            story = Story(connect, clock, phones, folder, **settings)
            await story.muster.start()
            try:
                if not bare:
                    await story.apply(*(story.person(name) for name in ("ana", "bo", "cy")), INTEGRATION, PLAN)
                yield story
            finally:
                await story.muster.stop()
