"""Keeps accepted requests on the local disk while the database is away, and gives them back in order.

One file of records, appended with fsync, so that an answer means "durable" here too. What cannot be read is set aside beside
it, and what lies behind it is given back all the same: no byte is thrown away that was not read.
"""

import asyncio
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import structlog

from muster.alerts.actions.aside import Aside, sync_folder, write_all, write_durably
from muster.alerts.spooled import Gap, Record, Spooled, framed, pieces
from muster.base.batcher import Batcher
from muster.kit.errors import Unavailable

LARGEST = 2 * 1024**3
AT_ONCE = 16 * 1024**2
"""So many bytes are given back at once, at least one request."""
LARGEST_COPY = 64 * 1024**2
"""A damaged stretch above this is kept by keeping the file."""

log = structlog.get_logger("muster.spool")


class Spool:
    """The file, and how much of it has been given back. `share` of the room is the most that it may take."""

    def __init__(self, folder: Path, name: str = "intake", share: float = 1.0) -> None:
        self.folder, self._path, self._mark = folder, folder / f"{name}.spool", folder / f"{name}.done"
        self._share = share
        self._appends: Batcher[Spooled, None] = Batcher(self._append)
        self._writing = asyncio.Lock()
        self._gaps: list[Gap] = []
        self._whole = False
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.aside = Aside(folder)
        if not self._path.exists():
            # A crash between throwing the file and its mark away: the mark says nothing of the next file.
            self._mark.unlink(missing_ok=True)
        self._size = self._path.stat().st_size if self._path.exists() else 0
        self._done = self._marked()

    @property
    def empty(self) -> bool:
        """Nothing waits to be given back."""
        return self._done >= self._size

    @property
    def bytes_waiting(self) -> int:
        """How much waits to be given back."""
        return max(0, self._size - self._done)

    async def keep(self, request: Spooled) -> None:
        """Return once the request is on the disk.

        Raises:
            Unavailable: the spool is full, or the disk is; nothing of the request is left behind.
        """
        await self._appends.submit(request)

    def waiting(self, most: int) -> tuple[list[Spooled], int]:
        """The oldest requests and the position behind them, for `settle`."""
        records: list[Record] = []
        self._gaps, position = [], self._size
        if not self._path.exists():
            if not self.empty:
                log.error("spool.gone", bytes=self.bytes_waiting, file=str(self._path))
            return [], position
        descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            for piece in pieces(lambda at, length: os.pread(descriptor, length, at), self._done, self._size):
                if isinstance(piece, Gap):
                    self._gaps.append(piece)
                    continue
                records.append(piece)
                if len(records) == most or piece.end - records[0].start >= AT_ONCE:
                    position = piece.end
                    break
        finally:
            os.close(descriptor)
        return [record.content for record in records], position

    async def settle(self, position: int) -> None:
        """Everything before the position is in the database, or is set aside now because it cannot be read."""
        async with self._writing:
            for gap in self._gaps:
                if gap.end <= position:
                    self._set_aside(gap)
            self._gaps = [gap for gap in self._gaps if gap.end > position]
            self._settle(position)

    def _settle(self, position: int) -> None:
        self._done = position
        there = self._path.stat().st_size if self._path.exists() else 0
        if there > self._size:
            # What a failed append could not take back was never answered, and is not thrown away unread either.
            self._size = there
        if not self.empty:
            self._note(position)
            return
        if self._whole and there:
            log.error("spool.damaged", bytes=there, file=str(self.aside.adopt(self._path)))
        self._path.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)
        self._done = self._size = 0
        self._whole = False

    def keep_whole(self) -> None:
        """Set the whole file aside once it is read: for what has no room in a file of its own.

        Until then nothing notes how far it was given back, so that a restart comes by the same place again.
        """
        self._whole = True

    def _set_aside(self, gap: Gap) -> None:
        size, kept = gap.end - gap.start, "whole"
        try:
            if size <= LARGEST_COPY:
                kept = str(self.aside.keep_damaged(_read(self._path, gap.start, size)))
            else:
                self.keep_whole()
        except OSError:
            self.keep_whole()
        log.error("spool.damaged", bytes=size, position=gap.start, file=kept)

    def _note(self, position: int) -> None:
        """Remember across a restart what was given back; without that it is given back twice, which changes nothing."""
        if self._whole:
            return
        fresh = self._mark.with_suffix(".new")
        try:
            write_durably(fresh, str(position).encode())
            fresh.replace(self._mark)
        except OSError as error:
            log.warning("spool.not_marked", position=position, error=str(error))

    def _marked(self) -> int:
        try:
            noted = int(self._mark.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0
        return noted if 0 <= noted <= self._size else 0

    def room(self) -> int:
        """How many bytes it still takes: its share of the largest spool, or of the disk where that has less."""
        free = shutil.disk_usage(self.folder).free
        return max(0, int(self._share * min(LARGEST, self._size + free)) - self._size)

    async def _append(self, requests: Sequence[Spooled]) -> Sequence[Unavailable | None]:
        block = b"".join(framed(request) for request in requests)
        if len(block) > self.room():
            if len(requests) > 1:
                return [(await self._append_alone(request)) for request in requests]
            raise Unavailable(
                "The local spool is full.",
                "The database is away and the disk or its share for the spool is used up; send it again later.",
            )
        try:
            # Never while what was given back is thrown away: this would go with it.
            async with self._writing:
                start, self._size = await asyncio.to_thread(_append_durably, self._path, block)
                if start < self._done:
                    # Somebody shortened the file: give it back from its beginning rather than leave out what was added.
                    self._done = 0
        except OSError as error:
            if len(requests) > 1:
                # What is large must not take with it what is small.
                return [(await self._append_alone(request)) for request in requests]
            raise Unavailable("The local spool cannot be written.", f"{error.strerror}: {self._path}.") from error
        return [None] * len(requests)

    async def _append_alone(self, request: Spooled) -> Unavailable | None:
        try:
            await self._append([request])
        except Unavailable as refusal:
            return refusal
        return None


def _read(path: Path, start: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(length)


def _append_durably(path: Path, block: bytes) -> tuple[int, int]:
    """Append to what is really there; where it begins and ends. If not all gets to the disk, nothing of it stays."""
    fresh = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        try:
            write_all(descriptor, block, size)
            os.fsync(descriptor)
            if fresh:
                sync_folder(path.parent)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
        return size, size + len(block)
    finally:
        os.close(descriptor)
