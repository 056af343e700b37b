"""Examines an embedded database without touching it, and says in sentences what is well and what to do about the rest."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from muster.base.postgres import account, binaries, cluster, leftover, lock, pidfile
from muster.base.postgres.config import DATABASE, ROLE
from muster.base.postgres.layout import FALLBACK, Layout, locate
from muster.kit.errors import Problem

_ENOUGH_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined: what it is, whether it is well, a sentence about it, and what to do if it is not."""

    name: str
    ok: bool
    sentence: str
    fix: str = ""


def describe(data_dir: Path, fallback: Path = FALLBACK) -> list[Finding]:
    """All findings about the embedded PostgreSQL of a data directory, for `muster doctor`; safe while Muster runs."""
    try:
        layout = locate(data_dir)
    except PermissionError as error:
        return [_closed("database", error)]
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("PostgreSQL's programs", _programs),
        ("database", lambda: _database(layout, data_dir)),
        ("disk space", lambda: _space(layout)),
        ("server", lambda: _server(layout)),
        ("forgotten databases", lambda: _forgotten(layout, data_dir, fallback)),
    )
    found: list[Finding] = []
    for name, check in checks:
        try:
            found += check()
        except Problem as problem:
            found.append(Finding(name, False, problem.title, problem.detail))
        except PermissionError as error:
            found.append(_closed(name, error))
    return found


def _closed(name: str, error: PermissionError) -> Finding:
    fix = "Run `muster doctor` as the user that Muster runs as."
    return Finding(name, False, f"You may not look at {error.filename}.", fix)


def _programs() -> Iterator[Finding]:
    found = binaries.find()
    yield Finding("PostgreSQL's programs", True, f"PostgreSQL {found.version} in {found.bin}.")


def _database(layout: Layout, data_dir: Path) -> Iterator[Finding]:
    name = "database"
    if not layout.home.exists():
        if layout.home.parent == Path(os.path.abspath(data_dir)):
            yield Finding(name, True, f"None yet; the first start makes it in {layout.home}.")
        else:
            fix = f"Restore it, or delete {data_dir}/postgres.location to begin with an empty database."
            yield Finding(name, False, f"It should be in {layout.home}, which does not exist.", fix)
        return
    if not layout.cluster.exists():
        yield Finding(name, True, f"Not made yet; the next start makes it in {layout.home}.")
        return
    server = account.for_server(account.current(), (layout.cluster, layout.home, data_dir))
    barrier = account.blocked_at(layout.cluster, server)
    if barrier:
        sentence = f"{server.name}, who runs PostgreSQL, cannot pass through {barrier} to {layout.cluster}."
        yield Finding(name, False, sentence, "Set MUSTER_DATA_DIR to a directory that every user can pass through.")
    cluster.check(layout, binaries.find(), server)
    owner = account.name_of(layout.cluster.stat().st_uid)
    yield Finding(
        name, True, f"Made by PostgreSQL {cluster.recorded_major(layout)} in {layout.home}, owned by {owner}."
    )


def _space(layout: Layout) -> Iterator[Finding]:
    place = next(path for path in (layout.home, *layout.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    sentence = f"{free >> 20} MB are free for the database."
    fix = "" if free >= _ENOUGH_BYTES else f"Free some space on the disk of {place}: PostgreSQL stops when it is full."
    yield Finding("disk space", not fix, sentence, fix)


def _server(layout: Layout) -> Iterator[Finding]:
    name = "server"
    holder = lock.holder(layout.lock)
    running = leftover.servers_in(layout.cluster)
    recorded = pidfile.read(layout.pidfile)
    if holder and running and recorded:
        way = f"`psql -h {recorded.socket_dir} -U {ROLE} {DATABASE}` opens it"
        yield Finding(name, True, f"Running as process {recorded.pid} under Muster (process {holder}); {way}.")
    elif holder:
        yield Finding(name, False, f"Muster (process {holder}) is starting it or cannot start it.", "See Muster's log.")
    elif running:
        sentence = f"Process {running[0]} still runs without a Muster."
        yield Finding(name, False, sentence, "Start Muster: it stops this one first and starts its own.")
    else:
        yield Finding(name, True, "Not running; Muster starts it.")


def _forgotten(layout: Layout, data_dir: Path, fallback: Path) -> Iterator[Finding]:
    """Databases of this data directory only: those of other Musters on the machine are theirs to judge."""
    ours = os.path.abspath(data_dir)
    for record in sorted(fallback.glob("*/belongs-to")):
        try:
            owner = record.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if owner == ours and layout.home != record.parent and lock.holder(record.parent / "lock") is None:
            sentence = f"{record.parent} was the database of {data_dir}, which no longer points to it."
            fix = f"If nobody misses it: `rm -rf {record.parent}`."
            yield Finding("forgotten databases", False, sentence, fix)
