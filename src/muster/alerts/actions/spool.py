"""Keeps accepted requests on the local disk while the database is away, and gives them back in order.

One file of records (length, checksum, content), appended with fsync, so that an answer means "durable" here too. A torn
last record, from a crash in the middle of a write, was never answered and is dropped.
"""

import asyncio
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from muster.base.batcher import Batcher
from muster.kit.errors import Unavailable

HEAD = struct.Struct("<II")
LARGEST = 2 * 1024**3


class Spooled(msgspec.Struct, frozen=True):
    """A request whose integration is known by its key only."""

    key: str
    path: str
    method: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class _Record:
    content: Spooled
    end: int


class Spool:
    """The file and how much of it has been given back."""

    def __init__(self, folder: Path) -> None:
        self._path, self._mark = folder / "intake.spool", folder / "intake.done"
        self._appends: Batcher[Spooled, None] = Batcher(self._append)
        self._writing = asyncio.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            # A crash between throwing the file and its mark away: the mark says nothing of the next file.
            self._mark.unlink(missing_ok=True)
        self._done = int(self._mark.read_text() or 0) if self._mark.exists() else 0
        # A torn record at the end does not count, so that the next one overwrites it.
        self._size = max((record.end for record in self._records()), default=self._done)

    @property
    def empty(self) -> bool:
        """Nothing waits to be given back."""
        return self._done >= self._size

    async def keep(self, request: Spooled) -> None:
        """Return once the request is on the disk.

        Raises:
            Unavailable: the spool is full, or the disk is.
        """
        await self._appends.submit(request)

    def waiting(self, most: int) -> tuple[list[Spooled], int]:
        """The oldest requests and the position behind them, for `settle`."""
        records = []
        for record in self._records():
            records.append(record)
            if len(records) == most:
                break
        if not records:
            # What is left is a torn record.
            return [], self._size
        return [record.content for record in records], records[-1].end

    async def settle(self, position: int) -> None:
        """Everything before the position is in the database."""
        async with self._writing:
            self._settle(position)

    def _settle(self, position: int) -> None:
        self._done = position
        if self.empty:
            self._path.unlink(missing_ok=True)
            self._mark.unlink(missing_ok=True)
            self._done = self._size = 0
        else:
            _replace(self._mark, str(position))

    def _records(self) -> Iterator[_Record]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._done)
            while len(head := file.read(HEAD.size)) == HEAD.size:
                length, checksum = HEAD.unpack(head)
                content = file.read(length)
                if len(content) < length or zlib.crc32(content) != checksum:
                    return
                yield _Record(msgspec.msgpack.decode(content, type=Spooled), file.tell())

    async def _append(self, requests: Sequence[Spooled]) -> Sequence[None]:
        contents = [msgspec.msgpack.encode(request) for request in requests]
        block = b"".join(HEAD.pack(len(content), zlib.crc32(content)) + content for content in contents)
        if self._size + len(block) > LARGEST:
            raise Unavailable(
                "The local spool is full.", "The database has been away for too long; send it again later."
            )
        try:
            # Never while what was given back is thrown away: this would go with it.
            async with self._writing:
                self._size = await asyncio.to_thread(_append_durably, self._path, self._size, block)
        except OSError as error:
            raise Unavailable("The local spool cannot be written.", f"{error.strerror}: {self._path}.") from error
        return [None] * len(requests)


def _append_durably(path: Path, size: int, block: bytes) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        # Behind the last good record: a torn one is overwritten.
        os.ftruncate(descriptor, size)
        os.pwrite(descriptor, block, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return size + len(block)


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)
