"""One process per data directory: its spool and its keys have a single writer, wherever the database is."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog

from muster.base.postgres.lock import STOPPING, FileLock, holder
from muster.base.postgres.problems import cannot_use
from muster.kit.errors import Unavailable

LOCK = "lock"
PATIENCE = 90.0
"""For so many seconds a start waits for a process that is stopping."""
LOOK_EVERY = 0.05

log = structlog.get_logger("muster")


@contextlib.asynccontextmanager
async def held(data_dir: Path) -> AsyncIterator[Callable[[], None]]:
    """Hold the directory, made if need be; a process that is just stopping is waited for.

    Gives what to call once this process stops too, so that a successor waits instead of giving up.

    Raises:
        Unavailable: another process uses it; the sentence names that process and what to do.
    """
    path = _made(data_dir) / LOCK
    lock = FileLock(path, "data directory")
    await _take(lock, path)
    try:
        yield lambda: lock.note(STOPPING)
    finally:
        lock.release()


def _made(data_dir: Path) -> Path:
    place = Path(os.path.abspath(data_dir))
    try:
        # 0711: as root, the embedded server's own account passes through to its files without listing the rest.
        place.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_use(place, error, "use") from error
    return place


async def _take(lock: FileLock, path: Path) -> None:
    until, told = asyncio.get_running_loop().time() + PATIENCE, False
    while True:
        try:
            lock.take()
            return
        except Unavailable:
            by = holder(path)
            # Free by now: somebody only looked.
            if by is not None and (not by.endswith(STOPPING) or asyncio.get_running_loop().time() > until):
                raise
            if by is not None and not told:
                told = True
                log.info(
                    "waiting", process=by.partition(" ")[0], reason="It is stopping and still has the data directory."
                )
        await asyncio.sleep(LOOK_EVERY)
