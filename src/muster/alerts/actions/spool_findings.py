"""Keeps what the spool could not give back: damaged bytes, and requests that nobody could deal with.

One file for each finding, named `kind-number-count`, so that a person can look at it and delete it, and so that it is counted
however often Muster is started.
"""

import contextlib
import errno
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog

from muster.alerts.spooled import Spooled, framed

MOST_REQUESTS = 256 * 1024 * 1024
"""So many bytes of requests are kept of a kind: whoever forges keys must not fill the disk."""
log = structlog.get_logger("muster.spool")
_NAME = re.compile(r"(?P<kind>[a-z-]+)-(?P<number>\d+)-(?P<count>\d+)\.spool")


class Kind(StrEnum):
    """Why it was set aside."""

    DAMAGED = "damaged"
    UNKNOWN_KEY = "unknown-key"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: its kind, how many requests or damaged places it holds, and its size in bytes."""

    path: Path
    kind: Kind
    count: int
    size: int


class Keeper(Protocol):
    """What is needed of a spool to leave something beside it."""

    @property
    def aside(self) -> "Aside":
        """Its folder of what was set aside."""
        ...

    def keep_whole(self) -> None:
        """Set the whole file aside once it is read."""
        ...


class Aside:
    """The folder `set-aside` of a spool."""

    def __init__(self, spool_folder: Path) -> None:
        self.folder = spool_folder / "set-aside"

    def pieces(self) -> list[Piece]:
        """What is there, oldest first."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for entry in self.folder.iterdir():
                name = _NAME.fullmatch(entry.name)
                if name and name["kind"] in tuple(Kind):
                    with contextlib.suppress(FileNotFoundError):
                        size = entry.stat().st_size
                        found.append((int(name["number"]), Piece(entry, Kind(name["kind"]), int(name["count"]), size)))
        return [piece for _, piece in sorted(found, key=lambda pair: pair[0])]

    def keep_damaged(self, data: bytes) -> Path:
        """Write what could not be read; raises OSError if the disk does not take it."""
        return self._write(Kind.DAMAGED, 1, data)

    def keep_requests(self, kind: Kind, requests: Sequence[Spooled]) -> Path | None:
        """Write requests that could not be dealt with; None once there are too many of them."""
        there = sum(piece.size for piece in self.pieces() if piece.kind is kind)
        data = b"".join(framed(request) for request in requests)
        return self._write(kind, len(requests), data) if there + len(data) <= MOST_REQUESTS else None

    def adopt(self, path: Path) -> Path:
        """Move a whole file here, which takes no room."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        target = self._name(Kind.DAMAGED, 1)
        path.rename(target)
        sync_folder(self.folder)
        return target

    def _write(self, kind: Kind, count: int, data: bytes) -> Path:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        target = self._name(kind, count)
        growing = target.with_suffix(".new")
        try:
            write_durably(growing, data)
            growing.rename(target)
        except OSError:
            growing.unlink(missing_ok=True)
            raise
        sync_folder(self.folder)
        return target

    def _name(self, kind: Kind, count: int) -> Path:
        numbers = (_NAME.fullmatch(entry.name) for entry in self.folder.iterdir())
        number = 1 + max((int(name["number"]) for name in numbers if name), default=0)
        return self.folder / f"{kind}-{number:04}-{count}.spool"


class Leftover:
    """Requests of one round of giving back that could not be dealt with, gathered by kind."""

    def __init__(self, spool: "Keeper") -> None:
        self._spool = spool
        self._requests: dict[Kind, list[Spooled]] = {}

    def add(self, kind: Kind, request: Spooled) -> None:
        """One more of them."""
        self._requests.setdefault(kind, []).append(request)

    def keep(self) -> None:
        """Write them beside the spool; where the disk has no room, the whole spool is kept instead."""
        for kind, requests in self._requests.items():
            try:
                kept = self._spool.aside.keep_requests(kind, requests)
                log.error("spool.left", kind=str(kind), requests=len(requests), file=str(kept or "too many are kept"))
            except OSError as error:
                self._spool.keep_whole()
                log.error("spool.left", kind=str(kind), requests=len(requests), kept="whole", error=str(error))


def write_all(descriptor: int, data: bytes, at: int) -> None:
    """Write every byte: a disk that is nearly full takes a part of them and calls that success."""
    rest = memoryview(data)
    while rest:
        done = os.pwrite(descriptor, rest, at)
        if done == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest, at = rest[done:], at + done


def write_durably(path: Path, data: bytes) -> None:
    """Write a file of our own to the disk, in whole."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        write_all(descriptor, data, 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the disk know which files the folder holds."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
