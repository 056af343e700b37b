"""Where the embedded database lives on disk, also when the data directory is out of reach for an unprivileged user."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from muster.base.postgres import files
from muster.base.postgres.account import SystemUser, blocked_at, for_server, make_own
from muster.base.postgres.problems import cannot_use
from muster.kit.errors import Unavailable

# Used by root only, where the data directory is below a closed one such as /root.
FALLBACK = Path("/var/lib/muster-postgres")


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one embedded database. `home` is Muster's; only `cluster` and the socket belong to the server."""

    home: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory, 0700."""
        return self.home / "cluster"

    @property
    def unfinished(self) -> Path:
        """Where a new cluster grows; renamed to `cluster` when it is complete and on disk. A start deletes any *.new."""
        return self.home / "cluster.new"

    @property
    def lock(self) -> Path:
        """Held with flock for as long as a Muster uses the database; holds that Muster's process id."""
        return self.home / "lock"

    @property
    def marker(self) -> Path:
        """Which PostgreSQL made the cluster and used it last (JSON)."""
        return self.home / "postgresql.json"

    @property
    def pidfile(self) -> Path:
        """PostgreSQL's own record of its running server."""
        return self.cluster / "postmaster.pid"

    @property
    def config(self) -> Path:
        """The server's configuration, written by Muster at every start."""
        return self.home / "postgresql.conf"


def pointer(data_dir: Path) -> Path:
    """The file that names the home of a database which could not live in the data directory."""
    return data_dir / "postgres.location"


def locate(data_dir: Path) -> Layout:
    """The layout of a data directory as it is now; touches nothing, so the home may not exist yet."""
    data_dir = Path(os.path.abspath(data_dir))
    with suppress(FileNotFoundError, NotADirectoryError):
        return Layout(Path(pointer(data_dir).read_text(encoding="utf-8").strip()))
    return Layout(data_dir / "postgres")


def settle(data_dir: Path, me: SystemUser, fallback: Path = FALLBACK) -> tuple[Layout, SystemUser]:
    """The layout with its home made, and the account for the server; no mode of an existing parent is changed.

    As root, in a place that the server's account cannot reach, the home goes to `fallback` and the data directory keeps
    a pointer to it. Unavailable says in one line what is in the way.
    """
    data_dir = Path(os.path.abspath(data_dir))
    try:
        # 0711: the server passes through to its own files without being able to list the rest.
        data_dir.mkdir(mode=0o711 if me.is_root else 0o700, parents=True, exist_ok=True)
        layout = locate(data_dir)
        account = _account_for(me, layout, data_dir)
        if pointer(data_dir).exists():
            _require_target(layout.home, data_dir)
        elif blocked_at(layout.cluster, account) and not layout.home.exists():
            layout = _settle_elsewhere(data_dir, fallback, account)
        files.make_directory(layout.home, *_home_mode(layout.home, data_dir, me))
        _require_reach(layout.home, account)
        if layout.home.parent != data_dir:
            # The directory may have been moved: its database is not to be taken for one that was left behind.
            files.write(layout.home / "belongs-to", f"{data_dir}\n")
    except OSError as error:
        where = Path(error.filename) if isinstance(error.filename, str) else data_dir
        raise cannot_use(where, error, "use") from error
    return layout, account


def _account_for(me: SystemUser, layout: Layout, data_dir: Path) -> SystemUser:
    """The account to run the server as: one of its own below root, also for a database that another had before.

    Whose number an older or restored cluster bears is chance: `nobody`, or an account of another machine.
    """
    account = for_server(me, (layout.cluster, layout.home, data_dir))
    surroundings = {files.owner_of(path)[0] for path in (layout.home, data_dir) if path.exists()}
    if me.is_root and surroundings <= {0}:
        return make_own() or account
    return account


def _home_mode(home: Path, data_dir: Path, me: SystemUser) -> tuple[int, tuple[int, int]]:
    """Mode and owner of the home: as its surroundings are owned, so that root in somebody's directory takes nothing."""
    if not me.is_root:
        return 0o700, (me.uid, me.gid)
    if home.parent != data_dir:
        return 0o711, (0, 0)
    owner = files.owner_of(data_dir)
    return (0o711 if owner[0] == 0 else 0o700), owner


def _require_target(home: Path, data_dir: Path) -> None:
    if not home.is_dir():
        raise Unavailable(
            f"The database of {data_dir} should be in {home}, which does not exist.",
            f"Restore that directory, or delete {pointer(data_dir)} to begin with an empty database.",
        )


def _require_reach(home: Path, account: SystemUser) -> None:
    barrier = blocked_at(home / "cluster", account)
    if barrier:
        raise Unavailable(
            f"PostgreSQL runs as {account.name}, who cannot pass through {barrier} to its database in {home}.",
            "Set MUSTER_DATA_DIR to a directory that every user can pass through, such as /srv/muster.",
        )


def _settle_elsewhere(data_dir: Path, fallback: Path, account: SystemUser) -> Layout:
    """Choose a home under `fallback`; of two Musters that choose at once, one wins and the other follows it.

    The name is random: a data directory deleted and made again begins with an empty database, as its owner expects.
    """
    with suppress(FileExistsError):
        fallback.mkdir(mode=0o711, parents=True)
    _require_reach(fallback, account)
    slug = re.sub(r"[^a-z0-9]+", "-", "-".join(data_dir.parts[-2:]).lower()).strip("-")[:40] or "data"
    home = fallback / f"{slug}-{secrets.token_hex(4)}"
    home.mkdir(mode=0o711)
    files.write(home / "belongs-to", f"{data_dir}\n")
    beside = data_dir / f".postgres.{secrets.token_hex(4)}"
    files.write(beside, f"{home}\n")
    try:
        os.link(beside, pointer(data_dir))
    except FileExistsError:
        (home / "belongs-to").unlink()
        home.rmdir()
    finally:
        beside.unlink()
    return locate(data_dir)
