"""Which operating-system account runs the server: PostgreSQL refuses root, so root drops to somebody with no rights."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from muster.kit.errors import Unavailable

# A dedicated account is better (nobody else's daemon shares it), `nobody` is the one that every machine has.
PREFERRED_NAMES = ("muster", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the operating system, as a process takes it on: no supplementary groups."""

    uid: int
    gid: int
    name: str

    @property
    def is_root(self) -> bool:
        """Whether this is the account that PostgreSQL refuses to run as."""
        return self.uid == 0


def current() -> Account:
    """The account of this process; Unavailable if it has no name, for peer authentication compares names."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Unavailable(
            f"The user id {uid} that Muster runs as has no name, and PostgreSQL recognises its clients by name.",
            "Add it to /etc/passwd, run Muster as a named user, or set MUSTER_DATABASE_URL.",
        ) from None
    return Account(uid, os.getegid(), entry.pw_name)


def for_server(me: Account, hints: Iterable[Path]) -> Account:
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
            return Account(found.st_uid, found.st_gid, name_of(found.st_uid))
    for name in PREFERRED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, name)
    raise Unavailable(
        "PostgreSQL refuses to run as root, and this machine has neither a user “muster” nor “nobody” to drop to.",
        "Create one with `useradd --system muster`, or run Muster as an ordinary user.",
    )


def name_of(uid: int) -> str:
    """The account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def blocked_at(path: Path, account: Account) -> Path | None:
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
