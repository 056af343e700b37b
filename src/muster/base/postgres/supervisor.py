"""Keeps the embedded PostgreSQL running: starts it, restarts it when it dies, stops it cleanly with Muster."""

import asyncio
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog

from muster.base.postgres import config, ground, roles
from muster.base.postgres.ground import ServerSetup
from muster.base.postgres.layout import FALLBACK
from muster.base.postgres.problems import explain
from muster.base.postgres.report import Log
from muster.base.postgres.server import Server
from muster.base.supervise import end_tasks, supervise
from muster.kit.errors import Problem, Unavailable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 30.0
# A server that ran this long had recovered: its next crash is a new one.
_STEADY_SECONDS = 60.0


class ServerState(StrEnum):
    """How the server is, for health checks."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    RESTARTING = "restarting"


class EmbeddedPostgres:
    """One embedded PostgreSQL for one data directory.

    `on_change(state, sentence)` is called on the event loop whenever the state changes. `settings` overrides server
    settings (tests turn fsync off), `programs` is a directory of other PostgreSQL binaries, `fallback` where root puts a
    database whose data directory an unprivileged user cannot reach. `start` on a loop whose thread lives as long as
    Muster does: the kernel ends the server with that thread.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        log: Log | None = None,
        on_change: Callable[[ServerState, str], None] | None = None,
        settings: Mapping[str, str] | None = None,
        programs: Path | None = None,
        fallback: Path = FALLBACK,
    ) -> None:
        self._data_dir, self._programs, self._fallback = data_dir, programs, fallback
        self._settings = dict(settings or {})
        self._log: Log = log or structlog.get_logger("muster.postgres")
        self._on_change = on_change
        self._ground: ServerSetup | None = None
        self._server: Server | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.state = ServerState.STOPPED

    @property
    def connect_args(self) -> dict[str, Any]:
        """What asyncpg takes to connect as Muster. Unavailable before `start`."""
        return roles.connect_args(self._running().socket_dir)

    @property
    def admin_args(self) -> dict[str, Any]:
        """What asyncpg takes to connect as the superuser of this server. Unavailable before `start`."""
        return roles.connect_args(self._running().socket_dir, role=config.ADMIN)

    @property
    def pid(self) -> int:
        """The process id of the server, also of one that just died. Unavailable before `start`."""
        return self._running().process.pid

    async def start(self) -> str:
        """Start the server, made from nothing if need be, and keep it running; the DSN for asyncpg.

        Unavailable says in one line why it cannot, and what to do; then nothing is left running or locked.
        """
        if self.state is not ServerState.STOPPED:
            raise RuntimeError("this EmbeddedPostgres is started already")
        self._change(ServerState.STARTING, "PostgreSQL is starting.")
        try:
            self._ground = await ground.prepare(self._data_dir, self._programs, self._fallback, self._settings)
            self._server = await Server.launch(self._ground, self._log)
            await roles.prepare(self._server.socket_dir, fresh=self._ground.is_fresh)
        except BaseException:
            await asyncio.shield(self.stop())
            raise
        self._change(ServerState.RUNNING, "PostgreSQL is running.")
        self._keeper = supervise("embedded-postgres", self._keep)
        host = quote(str(self._server.socket_dir), safe="/")
        return f"postgresql://{config.ROLE}@/{config.DATABASE}?host={host}&port={config.PORT}"

    async def stop(self) -> None:
        """Stop the server in order (a checkpoint, no recovery at the next start) and give the directory free."""
        if self._keeper:
            await end_tasks([self._keeper])
            self._keeper = None
        if self._server:
            await self._server.stop()
            self._server = None
        if self._ground:
            self._ground.release()
            self._ground = None
        if self.state is not ServerState.STOPPED:
            self._change(ServerState.STOPPED, "PostgreSQL is stopped.")

    async def _keep(self) -> None:
        """Restart the server whenever it dies: at once the first time, then with a growing pause, for ever."""
        pause, server, ground = 0.0, self._running(), self._ground
        assert ground is not None
        while True:
            began = time.monotonic()
            status = await server.process.wait()
            self._log.error("postgresql_died", status=status, why=_why(status, server, ground))
            self._change(ServerState.RESTARTING, "PostgreSQL died and is being restarted.")
            if time.monotonic() - began > _STEADY_SECONDS:
                pause = 0.0
            while True:
                await asyncio.sleep(pause)
                pause = min(max(pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
                try:
                    self._server = server = await Server.launch(ground, self._log)
                    break
                except (Problem, OSError) as problem:
                    self._log.error("postgresql_does_not_start", why=str(problem), again_in_seconds=pause)
                    self._change(ServerState.RESTARTING, str(problem))
            self._change(ServerState.RUNNING, "PostgreSQL is running again.")

    def _change(self, state: ServerState, sentence: str) -> None:
        self.state = state
        if self._on_change:
            self._on_change(state, sentence)

    def _running(self) -> Server:
        if self._server is None:
            raise Unavailable("PostgreSQL is not started.")
        return self._server


def _why(status: int, server: Server, ground: ServerSetup) -> str:
    if status == 0:
        return "Somebody else stopped it."
    if status < 0:
        return f"Signal {-status} ended it."
    return str(explain(list(server.process.tail)[-15:], ground.layout.home))
