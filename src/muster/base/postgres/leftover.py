"""What an earlier Muster left behind: servers still running on the database, process ids that now mean somebody else."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from muster.base.postgres import pidfile
from muster.base.postgres.layout import Layout, locate
from muster.base.postgres.lock import FileLock
from muster.base.postgres.problems import cannot_use
from muster.kit.errors import Unavailable

# (signal, seconds to let it work): fast shutdown, immediate shutdown, and the end.
LARGEST_PID = 1 << 22
_STEPS = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0))


def servers_in(cluster: Path) -> list[int]:
    """The process ids of all PostgreSQL processes that work in this cluster, wherever they came from.

    Each of them has the cluster as its working directory, which no reused process id can pretend. Empty without /proc.
    """
    try:
        wanted = cluster.stat()
    except OSError:
        return []
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "comm").read_text().startswith("postgres"):
                there = (entry / "cwd").stat()
                if (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino):
                    found.append(int(entry.name))
    return found


def end_servers(layout: Layout) -> int:
    """Stop every server on the cluster, gently first; the number of processes that were there.

    Only call this while holding the lock: whatever runs then belongs to a Muster that was killed. Blocks up to 20 s.
    """
    running = servers_in(layout.cluster)
    if not running:
        return 0
    recorded = pidfile.read(layout.pidfile)
    for step, patience in _STEPS:
        remaining = servers_in(layout.cluster)
        if step is signal.SIGINT:
            if recorded is None or recorded.pid not in remaining:
                # Without its postmaster, a backend has nobody to finish for: recovery replays what it committed.
                continue
            remaining = [recorded.pid]
        _send(remaining, step)
        if _gone(lambda: not servers_in(layout.cluster), patience):
            return len(running)
    raise Unavailable(
        f"PostgreSQL process {running[0]} still runs on {layout.cluster} and does not end.",
        f"End it with `kill -9 {running[0]}`, or restart the machine if it hangs on its disk.",
    )


def clear_stale_pidfile(layout: Layout) -> bool:
    """Remove a postmaster.pid over which PostgreSQL would refuse to start though nothing runs: one that names no process, or
    somebody else's.

    Call it after `end_servers`, holding the lock. A dead process id is left to PostgreSQL, which then also checks for shared
    memory in use.
    """
    if not layout.pidfile.exists() or servers_in(layout.cluster):
        return False
    recorded = pidfile.read(layout.pidfile)
    stale = recorded is None or not 0 < recorded.pid <= LARGEST_PID or Path(f"/proc/{recorded.pid}").exists()
    if stale:
        layout.pidfile.unlink(missing_ok=True)
    return stale


def stop_leftover(data_dir: Path) -> int:
    """Stop what a killed Muster left running on this data directory; the number of processes stopped.

    Unavailable if a living Muster uses it, or a process does not end. Blocks up to 20 s.
    """
    try:
        layout = locate(data_dir)
        if not layout.cluster.is_dir():
            return 0
    except PermissionError as error:
        raise cannot_use(data_dir, error, "use") from error
    lock = FileLock(layout.lock)
    lock.take()
    try:
        return end_servers(layout)
    finally:
        lock.release()


def _send(pids: Iterable[int], which: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, which)


def _gone(condition: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
