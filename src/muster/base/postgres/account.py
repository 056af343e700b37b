"""Which operating-system account runs the server: PostgreSQL refuses root, so root drops to somebody with no rights."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from muster.kit.errors import Unavailable

OWN = "muster-postgres"
SHARED = "nobody"
# An account of its own is made where that is possible; `nobody` is the one that every machine has, and other daemons share it.
PREFERRED_NAMES = (OWN, "muster", SHARED)
# (program, its arguments): how Debian, Red Hat and Alpine make a system user without a home or a shell.
_MAKERS = (
    (
        "useradd",
        ("--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"),
    ),
    ("adduser", ("-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin")),
)

log = structlog.get_logger("muster.postgres")


@dataclass(frozen=True, slots=True)
class SystemUser:
    """An account of the operating system, as a process takes it on: no supplementary groups."""

    uid: int
    gid: int
    name: str

    @property
    def is_root(self) -> bool:
        """Whether this is the account that PostgreSQL refuses to run as."""
        return self.uid == 0


def current() -> SystemUser:
    """The account of this process; Unavailable if it has no name, for peer authentication compares names."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Unavailable(
            f"The user id {uid} that Muster runs as has no name, and PostgreSQL recognises its clients by name.",
            "Add it to /etc/passwd, run Muster as a named user, or set MUSTER_DATABASE_URL.",
        ) from None
    return SystemUser(uid, os.getegid(), entry.pw_name)


def for_server(me: SystemUser, hints: Iterable[Path]) -> SystemUser:
    """The account to run the server as: our own, or for root the owner of the first hint that is not root's.

    The hints are the existing database and the data directory: whoever owns them keeps being able to use them.
    """
    if not me.is_root:
        return me
    for path in hints:
        try:
            found = path.stat()
        except OSError:
            continue
        if found.st_uid != 0:
            return SystemUser(found.st_uid, found.st_gid, name_of(found.st_uid))
    for name in PREFERRED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return SystemUser(entry.pw_uid, entry.pw_gid, name)
    raise Unavailable(
        "PostgreSQL refuses to run as root, and this machine has neither a user “muster” nor “nobody” to drop to.",
        "Create one with `useradd --system muster`, or run Muster as an ordinary user.",
    )


def make_own() -> SystemUser | None:
    """The account that only PostgreSQL below Muster runs as, made if need be; None where this machine does not let us."""
    for program, arguments in ((None, ()), *_MAKERS):
        if program is not None and (found := shutil.which(program, path="/usr/sbin:/sbin:/usr/bin:/bin")):
            subprocess.run([found, *arguments, OWN], check=False, capture_output=True, timeout=30)
        with suppress(KeyError):
            entry = pwd.getpwnam(OWN)
            return SystemUser(entry.pw_uid, entry.pw_gid, OWN)
    log.warning("postgresql_account_shared", account=SHARED, fix=f"Create the system user {OWN}.")
    return None


def name_of(uid: int) -> str:
    """The account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def blocked_at(path: Path, account: SystemUser) -> Path | None:
    """The first directory above `path` that the account may not pass through, by its mode; None if the way is free.

    Directories that do not exist yet do not block: whoever makes them decides their mode.
    """
    if account.uid == os.geteuid():
        return None
    for parent in reversed(Path(os.path.realpath(path)).parents):
        try:
            found = parent.stat()
        except FileNotFoundError:
            return None
        except OSError:
            return parent
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return parent
    return None
