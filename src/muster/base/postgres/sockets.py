"""Where the socket goes: beside the database, or in a short place where that path is too long for a Unix socket."""

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from muster.base.postgres import files
from muster.base.postgres.account import SystemUser
from muster.base.postgres.config import PORT
from muster.base.postgres.layout import Layout

# sun_path holds 108 bytes with the closing zero (Linux, unix(7)).
LONGEST_PATH = 107
_SOCKET = f".s.PGSQL.{PORT}"


def fits(directory: Path) -> bool:
    """Whether a socket in this directory has a path that the kernel takes."""
    return len(os.fsencode(directory / _SOCKET)) <= LONGEST_PATH


def make_socket_dir(layout: Layout, account: SystemUser) -> Path:
    """A directory, 0700 and the server's, for the socket; short enough, and empty of an earlier server's leftovers.

    Only call this while holding the lock: leftovers are removed unasked.
    """
    beside = layout.home / "socket"
    if fits(beside):
        files.make_directory(beside, 0o700, (account.uid, account.gid))
        directory = beside
    else:
        directory = _short_dir(layout, account)
    for name in (_SOCKET, f"{_SOCKET}.lock"):
        # PostgreSQL would refuse to start over the lock file of a dead server whose process id is in use again.
        (directory / name).unlink(missing_ok=True)
    return directory


def remove_socket_dir(layout: Layout, directory: Path) -> None:
    """Leave nothing in /run or /tmp; what is beside the database stays."""
    if directory.parent != layout.home:
        with suppress(OSError):
            directory.rmdir()


def _short_dir(layout: Layout, account: SystemUser) -> Path:
    name = f"muster-{account.uid}-{hashlib.sha256(os.fsencode(layout.home)).hexdigest()[:12]}"
    runtime = "/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "")
    for base in (runtime, "/tmp"):
        directory = Path(base) / name
        if not base or not fits(directory):
            continue
        with suppress(OSError):
            directory.mkdir(mode=0o700)
            os.chown(directory, account.uid, account.gid, follow_symlinks=False)
            return directory
        if _is_ours(directory, account):
            return directory
    # Somebody took our name in /tmp: a name that cannot be guessed. Others find it through postmaster.pid.
    made = Path(tempfile.mkdtemp(prefix="muster-", dir="/tmp"))
    os.chown(made, account.uid, account.gid, follow_symlinks=False)
    return made


def _is_ours(directory: Path, account: SystemUser) -> bool:
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700
