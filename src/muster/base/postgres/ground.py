"""All that must be true before the server's process can start: place, account, lock, programs, cluster, configuration."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.base.postgres import account, binaries, cluster, leftover
from muster.base.postgres.account import SystemUser
from muster.base.postgres.binaries import Binaries
from muster.base.postgres.layout import Layout, settle
from muster.base.postgres.lock import FileLock
from muster.base.postgres.problems import cannot_use


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """Where, as whom and with what the server runs; the lock is held until `release`."""

    layout: Layout
    account: SystemUser
    binaries: Binaries
    lock: FileLock
    is_fresh: bool

    def release(self) -> None:
        """Give the database free for another Muster."""
        self.lock.release()


async def prepare(data_dir: Path, programs: Path | None, fallback: Path, settings: Mapping[str, str]) -> ServerSetup:
    """Make or check everything, and lock it. Unavailable says in one line what is in the way, and nothing stays locked."""
    me = account.current()
    layout, server = settle(data_dir, me, fallback)
    lock = FileLock(layout.lock)
    lock.take()
    try:
        for half_done in layout.home.glob("*.new"):
            shutil.rmtree(half_done, ignore_errors=True)
        found = binaries.find(programs)
        is_fresh = not layout.cluster.exists()
        if not is_fresh:
            await asyncio.to_thread(_hand_over, layout, server)
            cluster.check(layout, found, server)
        reachable = await asyncio.to_thread(binaries.within_reach, found, layout, server)
        if is_fresh:
            await cluster.create(layout, reachable, server)
        cluster.configure(layout, reachable, {me.name}, settings)
    except BaseException:
        lock.release()
        raise
    return ServerSetup(layout, server, reachable, lock, is_fresh)


def _hand_over(layout: Layout, server: SystemUser) -> None:
    """Give a cluster that another account had to the server's own, which is no other daemon's; under the lock.

    What root owns is left to be refused: it was restored without its owners, perhaps not by somebody who meant to.
    """
    if server.name != account.OWN or layout.cluster.stat().st_uid in (0, server.uid):
        return
    leftover.end_servers(layout)
    try:
        for folder, _, names in os.walk(layout.cluster, topdown=False):
            for name in names:
                os.chown(os.path.join(folder, name), server.uid, server.gid, follow_symlinks=False)
            # The cluster itself comes last: a start that is killed here goes on where it was.
            os.chown(folder, server.uid, server.gid, follow_symlinks=False)
    except OSError as error:
        raise cannot_use(layout.cluster, error, "hand over") from error
