"""The composition root: one node of Muster, with everything wired to everything."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import structlog
from fastapi import Request
from starlette.types import ASGIApp

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.pulse import Pulse
from muster.alerts.actions.spool import Spool
from muster.alerts.api.parts import MAIL_ADDRESSES
from muster.app import http, views, wiring
from muster.base import live
from muster.base.access import SYSTEM, Principal
from muster.base.bus import Bus
from muster.base.db.clock import DatabaseClock
from muster.base.db.database import Database
from muster.base.db.lanes import Lane
from muster.base.db.pool import Unreachable
from muster.base.db.ready import make_ready
from muster.base.epochs import epochs
from muster.base.features import installed, ports_of, resolve_all, subscribe
from muster.base.http import Http
from muster.base.secrets import load_secrets
from muster.base.settings import Settings
from muster.base.supervise import end_tasks, supervise
from muster.base.web.idempotency import forget_old
from muster.base.web.place import route_of
from muster.base.web.services import Services
from muster.base.work import Runner
from muster.base.work.nodes import node_name
from muster.base.work.runner import Handler
from muster.channels.actions.hearing import Hearing
from muster.channels.callback_links import CallbackLinks
from muster.channels.email.jobs.incoming import IncomingMail
from muster.channels.loops import build_loops
from muster.channels.outside import OutsideCall
from muster.channels.registry import build_channels
from muster.channels.web_push.actions import Browsers
from muster.inbound.actions.senders import Senders
from muster.inbound.formats import InboundFormats
from muster.kit.clock import Clock
from muster.kit.errors import Denied, Problem, Unavailable
from muster.ledger.actions.denial import record_denial
from muster.ledger.actions.keyfile import KEY_FILE, load_or_create_key
from muster.ledger.actions.outside import seals_to
from muster.ledger.store import newest_at
from muster.operations.actions.machine import Machine
from muster.operations.actions.standing import Mode, Standing
from muster.operations.actions.vitals import Vitals
from muster.paging import jobs as paging
from muster.paging.actions.deliver import Addresses, Deliverer
from muster.paging.actions.links import KEY as LINKS
from muster.paging.actions.links import Links
from muster.paging.actions.outside import Outside
from muster.paging.actions.watching import Watch
from muster.people.actions.authenticate import Gate
from muster.people.actions.breached import judge_passwords
from muster.people.actions.exposed import revoke_exposed_links
from muster.people.pages.confirming import confirm
from muster.people.reach import ContactKind, Reach, secret_row
from muster.privacy import jobs as retention

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
            Unreachable: without `patient`. Unavailable: the database cannot be used; the detail says why.
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
        self.vitals = Vitals(work=self.work, intake=self.database.lane(Lane.INTAKE))
        self.standing = Standing(settings.data_dir, self._mode, own_database=self._alone)
        self._wire(clock)
        self._tasks.append(supervise("vitals", self.vitals.keep_looking))
        try:
            await self._begin(clock)
        except Unreachable as problem:
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
            self.links.use((await epochs(unit.conn)).get(LINKS, 0))
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
        self._tasks.append(supervise("machine", self.machine.watch))
        hub, holder = self.database.live, self.runner.node.holder
        self._tasks.append(supervise("relay", lambda: live.relay(hub, holder, self._listen, self._notify)))
        self._tasks.append(supervise("clock", lambda: self._every(SYNCHRONISE_EVERY, self._synchronise)))
        self._tasks.append(supervise("housekeeping", lambda: self._every(CLEAN_EVERY, self._clean)))
        self.begun.set()

    async def _act(self) -> None:
        """Begin what reaches outside: sending, hearing answers, taking mail. A rehearsal does none of it."""
        async with self.work.unit(SYSTEM) as unit:
            await self.mail.start(unit)
        await self.runner.start()
        await self._channels.listen(Hearing(self.work))

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
        self._deliverer.close()
        await self.runner.stop()
        await end_tasks(self._tasks)
        await self.mail.close()
        await self._channels.close()
        await self._http.close()
        await self.database.close()

    def _wire(self, clock: Clock) -> None:
        settings, database, work, intake = self.settings, self.database, self.work, self.database.lane(Lane.INTAKE)
        self.secrets = load_secrets(settings.data_dir, settings.secret_key)
        self.links = Links(settings.base_url, self.secrets)
        self._http = Http(allow_private=settings.allow_private_targets)
        browsers, links = Browsers(work, self.secrets), CallbackLinks(settings.base_url, self.secrets, clock)
        keep = wiring.keep_in_inbox(work)
        self.senders, spool = Senders(self.secrets, self._http), Spool(settings.data_dir / "spool")
        self.intake = Intake(intake, InboundFormats(), spool, self.senders)
        self.mail = IncomingMail(settings, self.secrets, work, self.intake)
        self._channels = build_channels(
            settings, self.secrets, self._http, clock, keep, links, browsers, self.mail.addresses
        )
        key = load_or_create_key(settings.data_dir / KEY_FILE)
        gate = Gate(clock, database.live, secure=settings.secure)
        self.machine = Machine(work, spool, self.standing, node=lambda: self.runner.node.name, own_database=self._alone)
        self.pulse = Pulse(intake, self.intake)
        self._deliverer = deliverer = Deliverer(
            work,
            self._channels,
            Addresses(self.links.answer, self.links.acknowledge_all, self.links.incident),
            lambda contact_id, sealed: self.secrets.open(sealed, secret_row(contact_id)),
        )
        subscribe(database.bus, installed())
        judge_passwords(database.bus, settings)
        reach = self._reach()
        handlers = wiring.handlers(
            key,
            deliverer,
            self.intake,
            self._channels,
            reach,
            settings.base_url,
            self._http,
            self.senders,
            seals_to(settings.seals_to, self._http, key, clock),
        )
        handlers |= self.mail.handlers(self._channels.email) | self._watching() | retention.handlers(settings)
        self.runner = Runner(work, node_name(settings.node), handlers, LIMITS, alone=self._alone)

        async def denied(principal: Principal, denial: Denied, request: Request) -> None:
            with contextlib.suppress(Unavailable):
                async with database.unit(SYSTEM) as unit:
                    reason = denial.detail or denial.title
                    await record_denial(unit, principal, denial.permission, route_of(request), reason)

        self.services = Services(
            database=database,
            settings=settings,
            node=self.runner.node,
            authenticate=gate.authenticate,
            view=lambda conn, request, caller: views.view_of(conn, request, caller, clock),
            record_denial=denied,
            show_problem=views.show_problem,
            confirm=confirm,
            extras=wiring.locks(settings.base_url, self.secrets)
            | wiring.extras(key, reach, self.secrets, self.links, self._channels, self.intake, links, browsers)
            | {
                MAIL_ADDRESSES: self.mail.alert_addresses,
                "vitals": self.vitals,
                "standing": self.standing,
                "machine": self.machine,
            },
        )
        self.app = http.build(self.services, rehearses=lambda: bool(self.standing.rehearsal))

    def _watching(self) -> dict[str, Handler]:
        settings = self.settings
        take_out = wiring.take_out_of_inbox(self.work)
        loops = build_loops(settings, self._channels, self.mail.addresses, self.work, take_out)
        beat = OutsideCall(self._http, settings.heartbeat_url) if settings.heartbeat_url else None
        return paging.watching(Watch(loops), Outside(beat, timedelta(seconds=max(10, settings.heartbeat_every))))

    def _reach(self) -> Reach:
        kinds = tuple(
            ContactKind(each.kind, each.form.label, each.form.address, each.form.example, each.form.secret)
            for each in self._channels.values()
        )
        return Reach(
            kinds,
            lambda kind, address: self._channels[kind].check_address(address),
            lambda kind, secret: self._channels[kind].check_secret(secret),
            self.secrets.seal,
        )

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
