"""The intake: whoever gets an answer of success may forget the alert, because Muster has it on disk.

Re-sends that change nothing are answered from memory, as long as changes on other nodes are sure to be heard; everything
else joins the next batch, one transaction for all requests that arrive together. While the database is away, requests go to
the local spool and are replayed in order.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog

from muster.alerts.actions.batches import Batches
from muster.alerts.actions.known_keys import KnownKeys
from muster.alerts.actions.receive import Item, LostRace, raw_signal, receive
from muster.alerts.actions.replay import Replay
from muster.alerts.actions.resends import Resends, by_request
from muster.alerts.actions.sender_proof import believed
from muster.alerts.actions.spool import Spool
from muster.alerts.alert import Alert
from muster.alerts.happenings import AlertsChanged
from muster.alerts.integration import Integration, key_digest
from muster.alerts.port import Parsed, Parser, Request, SenderCheck, Unproven
from muster.alerts.resend_memory import Resend, ResendMemory
from muster.alerts.spooled import Spooled
from muster.alerts.store import integrations, signals
from muster.base.access import Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.supervise import end_tasks, supervise
from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.errors import Malformed, Missing, Problem, Unauthenticated, Unavailable
from muster.kit.ids import new_id

REPLAY = "signal.replay"
FLUSH_EVERY = 5.0
LINGER = 0.004
"""For so long, in a storm, the next batch waits for senders that were just answered."""
LOOKUP, PATIENCE = 0.8, 2.0
"""For so many seconds a sender waits until its key is found, and until what it sent is stored; then it goes to the spool."""
UNKNOWN_KEPT = timedelta(seconds=5)
KEYS_EVERY, KEYS_WITHIN = 30.0, 2.0
UNCHECKED = {
    "title": "Kept, but the key could not be checked.",
    "detail": "The database is away. If the key belongs to no integration, what you sent will page nobody.",
    "checked": False,
}
INTAKE = Principal(Kind.SYSTEM, "intake", Level.ADMINISTRATOR)

log = structlog.get_logger("muster.intake")


class Raw(Protocol):
    """An alert whose labels and annotations are still bytes of the body."""

    @property
    def labels(self) -> Any:
        """A bytes-like view of the labels as sent."""

    @property
    def annotations(self) -> Any:
        """A bytes-like view of the annotations as sent."""

    @property
    def ends_at(self) -> str | None:
        """The time as sent."""


class IntakeFormats(Parser, Protocol):
    """What intake asks of the formats, as `inbound` implements them."""

    def refusal(self, integration: Integration, request: Request, problem: Problem) -> Any:
        """The JSON body of a refusal in the words of the request's format."""

    def scan(self, path: str, body: bytes) -> Sequence[Raw] | None:
        """The alerts of a body of Prometheus without decoding them; None for any other body."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a sender; `body` is JSON, None for an empty one."""

    status: int
    body: Any = None


class Intake:
    """One for each process."""

    def __init__(
        self, database: Database, formats: IntakeFormats, spool: Spool, sender_check: SenderCheck | None = None
    ) -> None:
        self._database, self._formats, self._spool, self._sender_check = database, formats, spool, sender_check
        self._keys = KnownKeys(spool.folder)
        self._keys_changed = asyncio.Event()
        self._memory = ResendMemory()
        self._resends = Resends(database, self._memory, INTAKE)
        self._integrations: dict[str, Integration] = {}
        self._unknown: dict[str, datetime] = {}
        self._batches = Batches(self._flush, database.clock, LINGER, PATIENCE)
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self) -> None:
        """Hear from the bus and from other nodes of what changes; without that nothing can be answered from memory."""
        self._database.live.on_topic(self._heard)
        self._database.bus.subscribe(AlertsChanged, self._changed)

    async def start(self) -> None:
        """Begin replaying what an earlier life spooled, and flushing re-sends."""
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(KEYS_WITHIN):
                await self.learn_keys()
        replay = Replay(self._spool, self._parsed, self.integration, self._flush, self._keep_malformed)
        self._tasks = [
            supervise("replay", replay.run),
            supervise("flush", self._flush_for_ever),
            supervise("keys", self._learn_keys_for_ever),
        ]

    async def stop(self) -> None:
        """Write what is known of re-sends and end."""
        await end_tasks(self._tasks)
        with contextlib.suppress(Unavailable):
            await self.flush_touched()

    @property
    def caught_up(self) -> bool:
        """Nothing waits in the local spool."""
        return self._spool.empty

    def vouches(self, key: str) -> bool | None:
        """Whether a key is an integration's as far as that is known without the database; None if nothing is known."""
        return True if key in self._integrations else self._keys.knows(key)

    async def learn_keys(self) -> None:
        """Remember which keys may send, for when the database is away."""
        async with self._database.read() as conn:
            self._keys.replace(await integrations.active_digests(conn))

    def take_resend(self, key: str, path: str, body: bytes) -> bool:
        """Take a body from memory, if it says only what is stored already and when next to expect it; else it is for `accept`."""
        integration = self._integrations.get(key)
        answers = self._spool.empty and self._database.live.proven
        raws = self._formats.scan(path, body) if integration and answers else None
        if not raws or integration is None:
            return False
        at = self._database.clock.now()
        now = at.isoformat()[:19]
        touches = []
        for place, raw in enumerate(raws):
            alert_id = self._memory.alert_of(integration.id, bytes(raw.labels), bytes(raw.annotations))
            ends = raw.ends_at or ""
            if alert_id is None or not (ends.endswith("Z") and ends[:19] > now):
                return False
            touches.append((alert_id, ends, Resend(key, path, body, at, place)))
        for alert_id, ends, resend in touches:
            self._memory.touch(alert_id, ends, resend)
        return True

    async def accept(self, key: str, request: Request) -> Reply:
        """Take a request; the reply is given once what it says is durable.

        Raises:
            Missing: no active integration has this key.
            Unavailable: the database is away and the spool is full.
        """
        if not self.caught_up:
            return await self._set_aside(key, request)
        if self.take_resend(key, request.path, request.body):
            return Reply(200)
        try:
            integration = await self._looked_up(key)
        except Unavailable:
            return await self._set_aside(key, request, away=True)
        try:
            parsed = await self._parsed(integration, request)
        except (Malformed, Unauthenticated) as refusal:
            with contextlib.suppress(Unavailable, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._keep_malformed(integration, request, refusal)
            return Reply(refusal.status, self._formats.refusal(integration, request, refusal))
        except Unproven as unproven:
            return Reply(unproven.status, self._formats.refusal(integration, request, unproven))
        try:
            stored = await self._batches.submit(Item(integration, request, parsed))
        except (Unavailable, TimeoutError):
            # Where the database hangs, the batch may still be stored: then what is spooled here is a re-send.
            return await self._set_aside(key, request, away=True)
        self._remember(integration, request, stored)
        return Reply(parsed.status, parsed.reply)

    async def knows(self, key: str) -> bool:
        """Whether an active integration has this key; false where that cannot be said, since the database is away.

        Raises:
            Missing: none has it.
        """
        if self.vouches(key):
            return True
        try:
            await self._looked_up(key)
        except Unavailable:
            return False
        return True

    async def _looked_up(self, key: str) -> Integration:
        try:
            async with asyncio.timeout(LOOKUP):
                return await self.integration(key)
        except TimeoutError as error:
            raise Unavailable("The database does not answer.", "Muster keeps trying.") from error

    async def _parsed(self, integration: Integration, request: Request) -> Parsed:
        return await believed(self._formats, self._sender_check, integration, request)

    async def integration(self, key: str) -> Integration:
        """The active integration of a key.

        Raises:
            Missing: there is none.
        """
        # What another node changed is known here only while the others are heard.
        if self._database.live.proven and (integration := self._integrations.get(key)):
            return integration
        now = self._database.clock.now()
        if self._unknown.get(key, now) <= now:
            async with self._database.read() as conn:
                integration = await integrations.by_digest(conn, key_digest(key))
            if integration and integration.active:
                self._integrations[key] = integration
                return integration
            if len(self._unknown) > 10_000:
                self._unknown.clear()
            self._integrations.pop(key, None)
            self._unknown[key] = now + UNKNOWN_KEPT
        raise Missing(
            "No integration has this key.", "Copy the integration's address anew from Settings, Integrations."
        )

    async def replay_signal(self, unit: Unit, signal_id: UUID) -> None:
        """Deal with a request that was stored but could not be dealt with at the time."""
        raw = await signals.by_id(unit.conn, signal_id)
        if raw is None or raw.outcome != "deferred":
            return
        integration = (await integrations.by_ids(unit.conn, [raw.integration_id]))[raw.integration_id]
        request = Request(raw.path, "POST", raw.headers, {}, raw.body, raw.received_at)
        await receive(unit, [Item(integration, request, self._formats.parse(integration, request), raw.id)])
        await signals.settle(unit.conn, raw.id)

    async def flush_touched(self) -> None:
        """Write when re-sent alerts were last seen. What had ended before it was re-sent fires anew: it is dealt with in full."""
        missed = await self._resends.flush()
        try:
            for key, request, places in by_request(missed.values()):
                await self._deal_with(key, request, places)
        except BaseException:
            self._memory.put_back(missed)
            raise

    async def _deal_with(self, key: str, request: Request, places: Sequence[int]) -> None:
        try:
            integration = await self.integration(key)
            parsed = self._formats.parse(integration, request)
        except (Missing, Malformed) as problem:
            # The integration went away, or reads another format now.
            log.warning("intake.resend_refused", path=request.path, reason=str(problem))
            return
        signals = tuple(parsed.signals[place] for place in places)
        await self._batches.submit(Item(integration, request, replace(parsed, signals=signals)))

    def _remember(self, integration: Integration, request: Request, stored: Sequence[Alert | None]) -> None:
        raws = self._formats.scan(request.path, request.body)
        if not raws or len(raws) != len(stored):
            return
        for raw, alert in zip(raws, stored, strict=True):
            if alert is not None and alert.active:
                self._memory.remember(integration.id, bytes(raw.labels), bytes(raw.annotations), alert.id)

    async def _flush(self, items: Sequence[Item]) -> Sequence[list[Alert | None] | BaseException]:
        try:
            return await self._store(items)
        except Unavailable:
            raise
        except Exception as error:
            if len(items) > 1:
                return [(await self._flush([item]))[0] for item in items]
            log.error("intake.deferred", integration=items[0].integration.name, exc_info=error)
            return [await self._defer(items[0])]

    async def _store(self, items: Sequence[Item]) -> list[list[Alert | None]]:
        while True:
            with contextlib.suppress(LostRace):
                async with self._database.unit(INTAKE) as unit:
                    return await receive(unit, items)

    async def _defer(self, item: Item) -> list[Alert | None]:
        """Keep a request that fails downstream, and have it tried again: nothing that was well-formed is refused."""
        async with self._database.unit(INTAKE) as unit:
            id_ = new_id(unit.now)
            await signals.insert(unit.conn, [raw_signal(id_, item.integration, item.request, "deferred")])
            await enqueue(unit, [Job(REPLAY, str(id_))])
        return [None] * len(item.parsed.signals)

    async def _keep_malformed(self, integration: Integration, request: Request, refusal: Problem) -> None:
        async with self._database.unit(INTAKE) as unit:
            row = raw_signal(new_id(unit.now), integration, request, "malformed", refusal.faults)
            await signals.insert(unit.conn, [row])
            await signals.trim_malformed(unit.conn, integration.id)
            unit.publish("integrations.malformed")

    async def _set_aside(self, key: str, request: Request, *, away: bool = False) -> Reply:
        self._formats.see_address(request.path)
        integration, reply, checked = self._integrations.get(key), Reply(200), True
        if integration is None and not self._keys.knows(key):
            if not away:
                with contextlib.suppress(Unavailable):
                    integration = await self._looked_up(key)
            if integration is None:
                self._refuse_unknown(key)
                reply, checked = Reply(200, UNCHECKED), False
        if integration is not None:
            try:
                parsed = await self._parsed(integration, request)
                reply = Reply(parsed.status, parsed.reply)
            except (Malformed, Unauthenticated, Unproven) as refusal:
                return Reply(refusal.status, self._formats.refusal(integration, request, refusal))
        spooled = Spooled(
            key,
            request.path,
            request.method,
            dict(request.headers),
            dict(request.query),
            request.body,
            request.received_at,
        )
        await self._spool.keep(spooled, checked=checked)
        return reply

    def _refuse_unknown(self, key: str) -> None:
        if self._keys.knows(key) is False:
            raise Missing(
                "No integration has this key.",
                "That was so when the database was last seen; it is away now. If you made the integration since then, "
                "send it again in a minute.",
            )

    async def _learn_keys_for_ever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KEYS_EVERY):
                    await self._keys_changed.wait()
            self._keys_changed.clear()
            with contextlib.suppress(Unavailable):
                await self.learn_keys()

    async def _flush_for_ever(self) -> None:
        while True:
            await self._resends.due(FLUSH_EVERY)
            try:
                await self.flush_touched()
            except Unavailable:
                self._memory.clear()
            except Exception as error:
                # Forgotten, so that the next re-send is read in full instead of being taken for silence.
                self._memory.clear()
                log.error("intake.flush_failed", exc_info=error)

    async def _changed(self, unit: Unit, happening: AlertsChanged) -> None:
        unit.after_commit(lambda: self._resends.changed_here(happening.changes))

    def _heard(self, topic: str) -> None:
        if topic.startswith("alert:"):
            self._resends.changed([UUID(topic[6:])])
        elif topic in ("integrations", "*"):
            self._integrations.clear()
            self._unknown.clear()
            self._keys_changed.set()
            if topic == "*":
                self._resends.doubt()
