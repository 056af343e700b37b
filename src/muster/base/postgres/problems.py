"""What went wrong, in one line with what to do: PostgreSQL's own words and errno turned into a person's sentence."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from muster.kit.errors import Unavailable

_FREE_SPACE = "Free some space there or set MUSTER_DATA_DIR to a larger disk; nothing that was committed is lost."

# (words in PostgreSQL's or the launcher's output, title, what to do); the first that matches explains the failure.
_KNOWN: tuple[tuple[str, str, str], ...] = (
    ("No space left on device", "The disk that holds the database ({place}) is full.", _FREE_SPACE),
    ("Disk quota exceeded", "The disk quota for the database ({place}) is used up.", _FREE_SPACE),
    (
        "Read-only file system",
        "The database ({place}) is on a disk that is mounted read-only.",
        "Mount it writable, or set MUSTER_DATA_DIR to another place.",
    ),
    (
        "cannot become",
        "Muster runs as root but may not take on another user, and PostgreSQL refuses to run as root.",
        "Run Muster as an ordinary user, or give it the capabilities SETUID and SETGID.",
    ),
    (
        "could not look up effective user ID",
        "The user that should run PostgreSQL has no entry in /etc/passwd.",
        "Add the entry, run Muster as a named user, or set MUSTER_DATABASE_URL.",
    ),
    (
        "Cannot allocate memory",
        "There is not enough memory to start PostgreSQL.",
        "It needs about 150 MB: stop something else, or set MUSTER_DATABASE_URL to a server elsewhere.",
    ),
    (
        "error while loading shared libraries",
        "PostgreSQL's program does not find a library of this system ({last}).",
        "Install that library, or set MUSTER_DATABASE_URL.",
    ),
    (
        "contains errors",
        "PostgreSQL does not accept its configuration: {first}.",
        "Correct or remove {place}/local.conf.",
    ),
    (
        "has wrong ownership",
        "The database in {place} belongs to another user than the one that runs PostgreSQL.",
        "Give all of {place}/cluster to one user with `chown -R`, and start again.",
    ),
    (
        "could not locate a valid checkpoint record",
        "The database in {place} is damaged: it does not find the place to recover from.",
        "Restore {place} from a backup.",
    ),
    (
        "Permission denied",
        "PostgreSQL may not read or write its own files in {place} ({last}).",
        "Give all of {place}/cluster to one user with `chown -R`, and start again.",
    ),
)


def explain(lines: Sequence[str], place: Path) -> Unavailable:
    """The failure that the last lines of PostgreSQL's output tell of; `place` is the directory of the database."""
    text = "\n".join(lines)
    told = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line] or lines
    first, last = (_bare(some[at]) if some else "it said nothing" for some, at in ((lines, 0), (told, -1)))
    for words, title, fix in _KNOWN:
        if words in text:
            return Unavailable(title.format(place=place, first=first, last=last), fix.format(place=place))
    return Unavailable(f"PostgreSQL does not start: {last}", f"Run `muster doctor`; its files are in {place}.")


def _bare(line: str) -> str:
    """A log line without prefix and level."""
    return line.split("|", 1)[-1].split(": ", 1)[-1].strip()


def cannot_use(path: Path, error: OSError, doing: str) -> Unavailable:
    """Why the operating system refused something in Muster's own directories; `doing` as in "create"."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(f"The disk that holds {path} is full.", _FREE_SPACE)
    if error.errno == errno.EROFS:
        return Unavailable(f"{path} is on a disk that is mounted read-only.", "Set MUSTER_DATA_DIR to another place.")
    if error.errno == errno.EPERM and os.geteuid() == 0:
        return Unavailable(
            f"Even root may not {doing} {path}: its file system or this container does not let files be given away.",
            "Set MUSTER_DATA_DIR to a local disk, or run Muster as an ordinary user.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return Unavailable(
            f"Muster may not {doing} {path}.",
            "Start it as the user who owns that directory, or set MUSTER_DATA_DIR to a directory that is yours.",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return Unavailable(f"{path} is in the way: it is not a directory.", "Move it away or set MUSTER_DATA_DIR.")
    reason = error.strerror or str(error)
    return Unavailable(f"Muster cannot {doing} {path}: {reason}.", "Set MUSTER_DATA_DIR to another place.")
