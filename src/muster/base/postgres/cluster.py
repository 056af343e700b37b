"""The cluster on disk: made once, completely or not at all, and never opened by another major version."""

import json
import os
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from muster.base.postgres import config, files
from muster.base.postgres.account import SystemUser, name_of
from muster.base.postgres.binaries import Binaries
from muster.base.postgres.layout import Layout
from muster.base.postgres.problems import cannot_use, explain
from muster.base.postgres.process import Process
from muster.kit.errors import Unavailable

# A fresh cluster is 39 MB and its first WAL segments 16 MB each.
_NEEDED_BYTES = 100 * 1024 * 1024


def recorded_major(layout: Layout) -> int | None:
    """The major version that the cluster was made by: PostgreSQL's own record, else Muster's; None if there is neither."""
    with suppress(OSError, ValueError):
        return int((layout.cluster / "PG_VERSION").read_text().strip())
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads(layout.marker.read_text())["major"])
    return None


def check(layout: Layout, binaries: Binaries, account: SystemUser) -> None:
    """Refuse a cluster of another major version or owner, and what is no cluster. Unavailable has the way out."""
    major = recorded_major(layout)
    if major is None or not (layout.cluster / "PG_VERSION").is_file():
        raise Unavailable(
            f"{layout.cluster} is not a complete PostgreSQL database: its PG_VERSION is missing or unreadable.",
            f"Restore {layout.home} from a backup, or move it away to begin with an empty database.",
        )
    if major != binaries.major:
        raise Unavailable(
            f"The database in {layout.home} was made by PostgreSQL {major}, and this Muster brings {binaries.major}.",
            f"Dump it with `pg_dump` under the Muster that brought PostgreSQL {major}, move {layout.home} away, start this "
            f"one and restore the dump; or set MUSTER_DATABASE_URL to a PostgreSQL {major} server that holds the data.",
        )
    owner = layout.cluster.stat().st_uid
    if owner != account.uid:
        raise Unavailable(
            f"The database in {layout.cluster} belongs to {name_of(owner)}, and PostgreSQL runs as {account.name} here.",
            f"Give it over with `chown -R {account.name} {layout.cluster}` (as root), and start again.",
        )
    # A restored or copied cluster often comes back with a mode that PostgreSQL refuses.
    layout.cluster.chmod(0o700)


async def create(layout: Layout, binaries: Binaries, account: SystemUser) -> None:
    """Make the cluster beside its final place, write it to disk once, and move it there."""
    try:
        free = os.statvfs(layout.home)
        if free.f_bavail * free.f_frsize < _NEEDED_BYTES:
            raise Unavailable(
                f"The disk that holds {layout.home} has less than {_NEEDED_BYTES >> 20} MB free.",
                "Free some space there or set MUSTER_DATA_DIR to a larger disk.",
            )
        files.make_directory(layout.unfinished, 0o700, (account.uid, account.gid))
    except OSError as error:
        raise cannot_use(layout.home, error, "write to") from error
    initdb = binaries.bin / "initdb"
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= 17
        else ["--locale-provider=libc", "--locale=C.UTF-8"]
    )
    identity = [f"--username={config.ADMIN}", "--auth=peer", "--encoding=UTF8", "--no-instructions"]
    try:
        await _run([initdb, "-D", layout.unfinished, "--no-sync", *identity, *locale], account, layout)
        await _run([initdb, "-D", layout.unfinished, "--sync-only"], account, layout)
        # The server reads Muster's files in the home; nobody should edit these three in vain.
        for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            (layout.unfinished / name).unlink()
        layout.unfinished.rename(layout.cluster)
        _sync(layout.home)
    except BaseException:
        shutil.rmtree(layout.unfinished, ignore_errors=True)
        raise


def configure(layout: Layout, binaries: Binaries, users: set[str], extra: Mapping[str, str]) -> None:
    """Write the server's configuration and record which PostgreSQL uses the cluster."""
    try:
        files.write(layout.config, config.render_settings(layout, binaries.major, extra))
        files.write(layout.home / "pg_hba.conf", config.render_hba())
        files.write(layout.home / "pg_ident.conf", config.render_ident(users))
        files.write(layout.marker, json.dumps({"major": binaries.major, "version": binaries.version}) + "\n")
    except OSError as error:
        raise cannot_use(layout.home, error, "write to") from error


async def _run(command: list[str | Path], account: SystemUser, layout: Layout) -> None:
    process = Process.spawn(command, account, layout.home, signal.SIGKILL, lambda line: None)
    try:
        status = await process.wait()
    finally:
        process.send(signal.SIGKILL)
    if status != 0:
        raise explain(list(process.tail), layout.home)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
