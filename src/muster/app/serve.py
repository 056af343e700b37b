"""One command, one process: the embedded PostgreSQL if it is wanted, HTTP, and the background work."""

import asyncio
import contextlib
import functools
import signal
import socket
from pathlib import Path
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from muster.app.connections import most_connections, watch_connections
from muster.app.front import Bridge, Front
from muster.app.intake_http import IntakeDoor
from muster.app.muster import Muster
from muster.base.access import SYSTEM
from muster.base.data_dir import held
from muster.base.logs import announce
from muster.base.postgres.roles import protect
from muster.base.settings import Settings
from muster.base.supervise import supervise
from muster.inbound.actions.senders import Senders
from muster.inbound.opsgenie_address import is_call
from muster.kit.errors import Unavailable
from muster.kit.networks import networks
from muster.ledger.store import EVIDENCE, GUARDS
from muster.operations.actions.setup import postgres
from muster.operations.actions.standing import Mode
from muster.people.actions.setup import make_first_run_link

log = structlog.get_logger("muster")
BACKLOG = 4096
STOP_WITHIN = 20.0
HEAD_WITHIN = 30_000
"""Milliseconds in which a connection has to send the head of its first or next request."""


async def serve(
    settings: Settings, *, announce: bool = True, ready: asyncio.Event | None = None, mode: Mode = Mode.JUDGE
) -> None:
    """Run until SIGTERM or SIGINT; `ready` is set once requests are answered.

    Raises:
        Unavailable: the data directory or the port is taken, or the database cannot be had; the detail says what to do.
    """
    stop = asyncio.Event()
    async with held(settings.data_dir) as stopping:
        check_port(settings)

        def end() -> None:
            stopping()
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, end)
        await _run(settings, stop, announce=announce, ready=ready, mode=mode)


async def _run(
    settings: Settings, stop: asyncio.Event, *, announce: bool, ready: asyncio.Event | None, mode: Mode
) -> None:
    async with postgres(settings) as connect:
        embedded = not settings.database_url
        muster = Muster(
            settings,
            connect,
            alone=embedded,
            mode=mode,
            protect=functools.partial(protect, Path(connect["host"]), EVIDENCE, GUARDS) if embedded else None,
        )
        await muster.start(patient=bool(settings.database_url))
        server = server_of(muster)
        serving = asyncio.create_task(server.serve())
        watching = supervise("connections", lambda: watch_connections(settings.port))
        await listening(settings, serving)
        if ready:
            ready.set()
        told = supervise("announcement", lambda: _announce(muster)) if announce else None
        ended = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, ended}, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        server.stop()  # type: ignore[no-untyped-call]
        with contextlib.suppress(Exception):
            await asyncio.wait_for(serving, 5)
        ended.cancel()
        watching.cancel()
        if told:
            told.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN):
                await muster.stop()
        muster.database.terminate()


def server_of(muster: Muster) -> Server:
    """The HTTP server of a node, not running."""
    return Server(
        front_of(muster),
        address=muster.settings.host,
        port=muster.settings.port,
        interface=Interfaces.RSGI,
        websockets=False,
        backlog=BACKLOG,
        backpressure=most_connections(),
        # Of HTTP/1 alone, the server ends a connection that says nothing; while it guesses the version, it waits for ever.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN),
        log_enabled=False,
    )


def front_of(muster: Muster) -> Front:
    """The callable that the HTTP server runs."""
    trusted = networks(muster.settings.trusted_proxies, "MUSTER_TRUSTED_PROXIES")

    async def other(scope: Any, protocol: Any) -> None:
        await Bridge(scope, protocol, trusted).run(muster.app)

    door = IntakeDoor(
        muster.intake,
        muster.pulse,
        muster.database.clock,
        muster.settings.max_body,
        is_other,
        muster.services.of(Senders).answer,
        other,
    )
    return Front(muster.app, door, trusted)


def is_other(method: str, path: str) -> bool:
    """Whether a request below an integration's key asks or acts, as amtool and Opsgenie's clients do, rather than send signals."""
    if is_call(method, path):
        return True
    if path.startswith("/api/v2/"):
        return not (method == "POST" and path == "/api/v2/alerts")
    return method in ("GET", "HEAD") and path.startswith("/-/")


def check_port(settings: Settings) -> None:
    """Refuse a port that cannot be listened on, in words, before anything is started.

    Raises:
        Unavailable: it is taken, not ours, or not on this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable(
                f"Muster cannot listen on {settings.host}:{settings.port}: {error.strerror}.",
                "Stop what uses the port, or choose another with MUSTER_PORT (and MUSTER_HOST).",
            ) from error


async def listening(settings: Settings, serving: "asyncio.Task[None]") -> None:
    """Return once the port answers."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host
    for _ in range(200):
        if serving.done():
            await serving
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, settings.port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise Unavailable(f"Nothing answers on port {settings.port}.", "Look at the lines above for the reason.")


async def _announce(muster: Muster) -> None:
    base = muster.settings.base_url
    if not muster.begun.is_set():
        announce(f"Muster takes alerts at {base} and waits for its database.\n{muster.database.shut}")
        await muster.begun.wait()
    async with muster.work.unit(SYSTEM) as unit:
        secret = await make_first_run_link(unit)
    if muster.standing.rehearsal:
        announce(f"REHEARSAL: nobody is paged. {muster.standing.rehearsal}")
    announce(f"Muster is ready at {base}")
    if secret:
        announce(f"First run: open {base}/first-run/{secret} (valid for 24 hours)")
