"""One run of the server's process: whatever an earlier one left is cleared away, then it is started and awaited."""

import asyncio
import signal
import time
from contextlib import suppress
from pathlib import Path

from muster.base.postgres import config, leftover, pidfile, sockets
from muster.base.postgres.ground import ServerSetup
from muster.base.postgres.problems import cannot_use, explain
from muster.base.postgres.process import Process
from muster.base.postgres.report import Log, relay

_STILL_STARTING_SECONDS = 10.0
# (signal, seconds to let it work): fast shutdown with a checkpoint, immediate shutdown, and the end.
_STOPPING = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


class Server:
    """A started server process and its socket directory."""

    def __init__(self, ground: ServerSetup, socket_dir: Path, process: Process, log: Log) -> None:
        self._ground, self._log = ground, log
        self.socket_dir, self.process = socket_dir, process

    @classmethod
    async def launch(cls, ground: ServerSetup, log: Log) -> "Server":
        """Start the process and wait until it accepts connections; if that fails or is cancelled, none is left running."""
        layout = ground.layout
        try:
            if layout.pidfile.exists():
                await _clear_way(ground, log)
            socket_dir = sockets.make_socket_dir(layout, ground.account)
            command: list[str | Path] = [ground.binaries.bin / "postgres", *config.server_flags(layout, socket_dir)]
            process = Process.spawn(
                command, ground.account, layout.home, signal.SIGINT, on_line=lambda line: relay(log, line)
            )
        except OSError as error:
            raise cannot_use(layout.home, error, "start PostgreSQL in") from error
        server = cls(ground, socket_dir, process, log)
        try:
            await server._until_ready()
        except BaseException:
            await asyncio.shield(server.stop())
            raise
        return server

    async def stop(self) -> None:
        """End the process, firmer each time. Should even SIGKILL wait for a disk, the next start deals with it."""
        for step, patience in _STOPPING:
            if self.process.has_exited:
                break
            self.process.send(step)
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self.process.wait()
            if not self.process.has_exited:
                self._log.warning("postgresql_slow_to_stop", signal=step.name, seconds=patience)
        sockets.remove_socket_dir(self._ground.layout, self.socket_dir)

    async def _until_ready(self) -> None:
        """Wait for "ready" in postmaster.pid; recovery may take long, so only the process's death ends the wait."""
        told = time.monotonic()
        while not self.process.has_exited:
            recorded = pidfile.read(self._ground.layout.pidfile)
            if recorded and recorded.pid == self.process.pid and recorded.is_ready:
                return
            if time.monotonic() - told > _STILL_STARTING_SECONDS:
                told = time.monotonic()
                self._log.warning("postgresql_still_starting", last=list(self.process.tail)[-1:])
            await asyncio.sleep(0.005)
        raise explain(list(self.process.tail), self._ground.layout.home)


async def _clear_way(ground: ServerSetup, log: Log) -> None:
    ended = await asyncio.to_thread(leftover.end_servers, ground.layout)
    if ended:
        log.warning("postgresql_leftover_stopped", processes=ended)
    if leftover.clear_stale_pidfile(ground.layout):
        log.info("postgresql_stale_pidfile_removed", path=str(ground.layout.pidfile))
