"""The composition root: one node of Muster, with everything wired to everything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import structlog
from starlette.types import ASGIApp

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.pulse import Pulse
from muster.app.http import build
from muster.app.views import visitors
from muster.base import live
from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.clock import DatabaseClock
from muster.base.db.database import Database
from muster.base.db.lanes import Lane
from muster.base.db.pool import DatabaseUnreachable
from muster.base.db.ready import make_ready
from muster.base.epochs import epochs
from muster.base.features import installed, ports_of, resolve_all, subscribe
from muster.base.http import Http
from muster.base.secrets import load_secrets
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.supervise import end_tasks, supervise
from muster.base.web.idempotency import forget_old
from muster.base.work import Runner
from muster.base.work.nodes import node_name
from muster.base.work.runner import Handler
from muster.channels.actions.phone_reports import Hearing
from muster.channels.email.jobs.incoming import IncomingMail
from muster.channels.registry import Channels
from muster.kit.clock import Clock
from muster.kit.errors import Problem
from muster.ledger.store import newest_at
from muster.operations.actions.machine import Machine
from muster.operations.actions.standing import Mode, NodeStanding
from muster.operations.actions.vitals import Vitals
from muster.paging.actions.deliver import Deliverer
from muster.paging.actions.links import KEY as LINKS
from muster.paging.actions.links import Links
from muster.people.actions.exposed import revoke_exposed_links

log = structlog.get_logger("muster")
LIMITS = {"delivery": 4096, "delivery.bundle": 1024}
"""Messages wait for their receivers' turns (`paging/actions/turns.py`), so many that one receiver's hide no other's."""
SYNCHRONISE_EVERY, CLEAN_EVERY = 60.0, 3600.0
AGAIN_AFTER, TOLD_EVERY = 1.0, 60.0


class Muster:
    """One node: `start` it, serve `app` and `intake`, `stop` it.

    `connect` is what asyncpg.connect takes; `alone` says that no other node can be on that database; `mode` whether to
    judge if this is a copy that must page nobody; `protect` is called once the database is migrated. A test hands in a clock of
    its own.
    """

    app: ASGIApp
    intake: Intake
    pulse: Pulse
    database: Database
    work: Database
    runner: Runner
    services: Services

    def __init__(
        self,
        settings: Settings,
        connect: dict[str, Any],
        clock: Clock | None = None,
        *,
        alone: bool = False,
        mode: Mode = Mode.JUDGE,
        protect: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.settings, self._connect, self._clock, self._alone = settings, connect, clock, alone
        self._mode, self._protect = mode, protect
        self._tasks: list[asyncio.Task[None]] = []
        self.begun = asyncio.Event()
        """Set once the database is there and the work has begun."""

    async def start(self, *, patient: bool = False) -> None:
        """Wire, migrate, and begin the background work.

        With `patient` a database that is away is waited for in the background: the intake takes alerts into the spool meanwhile.

        Raises:
            DatabaseUnreachable: without `patient`. Unavailable: the database cannot be used; the detail says why.
        """
        settings = self.settings
        settings.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        clock = self._clock = self._clock or DatabaseClock()
        self.database = await Database.over(
            self._connect,
            clock,
            Bus(ports_of(installed())),
            live.LiveHub(),
            size=settings.pool_size,
            statement_cache=settings.statement_cache,
        )
        self.work = self.database.lane(Lane.WORK)
        self.database.shut_for("Muster is starting.")
        self.standing = NodeStanding(settings.data_dir, self._mode, own_database=self._alone)
        self._wire()
        self._tasks.append(supervise("vitals", self.services.of(Vitals).keep_looking))
        try:
            await self._begin(clock)
        except DatabaseUnreachable as problem:
            if not patient:
                await self._abandon()
                raise
            self.database.shut_for(str(problem))
            log.error("database.unreachable", reason=str(problem))
            self._tasks.append(supervise("begin", lambda: self._begin_when_it_is_there(clock)))
        except BaseException:
            await self._abandon()
            raise

    async def _abandon(self) -> None:
        await end_tasks(self._tasks)
        self.database.terminate()

    async def _begin(self, clock: Clock) -> None:
        await make_ready(self._connect, clock, self.settings.statement_cache, newest_at)
        if self._protect:
            await self._protect()
        self.database.shut_for("")
        async with self.work.unit(SYSTEM) as unit:
            await revoke_exposed_links(unit)
            self.services.of(Links).use((await epochs(unit.conn)).get(LINKS, 0))
        await self.standing.judge(self.work)
        async with self.work.unit(SYSTEM) as unit:
            for begin in resolve_all(name for feature in installed() for name in feature.begin):
                await begin(unit)
        self.database.live.must_prove()
        if self.standing.rehearsal:
            self.database.hands.resting = self.standing.rehearsal
            self._tasks.append(supervise("adoption", self._wait_for_adoption))
        else:
            await self._act()
        await self.intake.start()
        self._tasks.append(supervise("machine", self.services.of(Machine).watch))
        hub, holder = self.database.live, self.runner.node.holder
        self._tasks.append(supervise("relay", lambda: live.relay(hub, holder, self._listen, self._notify)))
        self._tasks.append(supervise("clock", lambda: self._every(SYNCHRONISE_EVERY, self._synchronise)))
        self._tasks.append(supervise("housekeeping", lambda: self._every(CLEAN_EVERY, self._clean)))
        self.begun.set()

    async def _act(self) -> None:
        """Begin what reaches outside: sending, hearing answers, taking mail. A rehearsal does none of it."""
        async with self.work.unit(SYSTEM) as unit:
            await self.services.of(IncomingMail).start(unit)
        await self.runner.start()
        await self.services.of(Channels).listen(Hearing(self.work))

    async def _wait_for_adoption(self) -> None:
        await self.standing.until_adopted(self.work)
        await self._act()

    async def _begin_when_it_is_there(self, clock: Clock) -> None:
        loop = asyncio.get_running_loop()
        told, at = self.database.shut, loop.time()
        while not self.begun.is_set():
            await asyncio.sleep(AGAIN_AFTER)
            try:
                await self._begin(clock)
            except Problem as problem:
                reason = str(problem)
                self.database.shut_for(reason)
                if reason != told or loop.time() - at > TOLD_EVERY:
                    log.error("database.unreachable", reason=reason)
                    told, at = reason, loop.time()
            else:
                log.info("database.reached")

    async def stop(self) -> None:
        """End in order: take nothing new, finish what is in hand, let the database go."""
        await self.pulse.stop()
        await self.intake.stop()
        self.services.of(Deliverer).close()
        await self.runner.stop()
        await end_tasks(self._tasks)
        await self.services.of(IncomingMail).close()
        await self.services.of(Channels).close()
        await self.services.of(Http).close()
        await self.database.close()

    def _wire(self) -> None:
        """Let each feature make what it needs, in their order; then what takes requests and what does the work."""
        settings, features = self.settings, installed()
        secrets = load_secrets(settings.data_dir, settings.secret_key)
        http = Http(allow_private=settings.allow_private_targets)
        self.services = services = Services(settings, self.database, secrets, http, self.standing)
        for make in resolve_all(name for feature in features for name in feature.services):
            make(services)
        handlers: dict[str, Handler] = {}
        for jobs in resolve_all(name for feature in features for name in feature.jobs):
            handlers |= jobs(services)
        self.runner = Runner(self.work, node_name(settings.node), handlers, LIMITS, alone=self._alone)
        subscribe(self.database.bus, features)
        services.add(self.runner.node, visitors(services))
        self.app = build(services)
        self.intake, self.pulse = services.of(Intake), services.of(Pulse)

    async def _listen(self) -> Any:
        direct = self.settings.listen_database_url
        at = {"dsn": direct} if direct else self._connect
        return await asyncpg.connect(**at, timeout=5, statement_cache_size=self.settings.statement_cache)

    async def _notify(self, payload: str) -> None:
        async with self.work.read() as conn:
            await conn.execute("SELECT pg_notify($1, $2)", live.CHANNEL, payload)

    async def _synchronise(self) -> None:
        if isinstance(self._clock, DatabaseClock):
            await self._clock.synchronise(self.work.pool)

    async def _clean(self) -> None:
        async with self.work.unit(SYSTEM) as unit:
            await forget_old(unit)

    async def _every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await call()
            except Exception as error:
                log.warning("housekeeping.failed", task=call.__name__, error=str(error))
