"""Keeps accepted requests on the local disk while the database is away, and gives them back in order.

One file of records, appended with fsync, so that an answer means "durable" here too. What cannot be read is set aside beside
it, and what lies behind it is given back all the same: no byte is thrown away that was not read.
"""

import asyncio
import errno
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from muster.alerts.actions.spool_findings import Aside, sync_folder, write_all, write_durably
from muster.alerts.spooled import Gap, Record, Spooled, framed, pieces
from muster.base.batcher import Batcher
from muster.kit.errors import Unavailable

LARGEST = 2 * 1024**3
AT_ONCE = 16 * 1024**2
"""So many bytes are given back at once, at least one request."""
LARGEST_COPY = 64 * 1024**2
"""A damaged stretch above this is kept by keeping the file."""
UNCHECKED_SHARE = 0.05
"""So much of the room is for requests whose key could not be checked, so that they never crowd out real alerts."""

log = structlog.get_logger("muster.spool")


@dataclass(frozen=True, slots=True)
class _Block:
    """A request as it is written; `checked` says that its key is known to be an integration's."""

    data: bytes
    checked: bool


class Spool:
    """The file, and how much of it has been given back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._path, self._mark = folder, folder / "intake.spool", folder / "intake.done"
        self._appends: Batcher[_Block, None] = Batcher(self._append)
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
        # After a restart nobody knows which of it was checked: as if none was.
        self._unchecked = self.bytes_waiting

    @property
    def empty(self) -> bool:
        """Nothing waits to be given back."""
        return self._done >= self._size

    @property
    def bytes_waiting(self) -> int:
        """How much waits to be given back."""
        return max(0, self._size - self._done)

    async def keep(self, request: Spooled, *, checked: bool = True) -> None:
        """Return once the request is on the disk. Unchecked ones, whose key may be forged, have a small share of the room.

        Raises:
            Unavailable: the spool is full, or the disk is; nothing of the request is left behind.
        """
        await self._appends.submit(_Block(framed(request), checked))

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
        self._done = self._size = self._unchecked = 0
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

    def room(self, *, checked: bool = True) -> int:
        """How many bytes it still takes."""
        most = min(LARGEST, self._size + shutil.disk_usage(self.folder).free)
        return most - self._size if checked else min(most - self._size, int(most * UNCHECKED_SHARE) - self._unchecked)

    async def _append(self, blocks: Sequence[_Block]) -> Sequence[Unavailable | None]:
        data, unchecked = (
            b"".join(block.data for block in blocks),
            sum(len(block.data) for block in blocks if not block.checked),
        )
        try:
            if len(data) > self.room() or (unchecked and unchecked > self.room(checked=False)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            # Never while what was given back is thrown away: this would go with it.
            async with self._writing:
                start, self._size = await asyncio.to_thread(_append_durably, self._path, data)
        except OSError as error:
            if len(blocks) > 1:
                # What is large or unchecked must not take with it what is not.
                return [(await self._append_alone(block)) for block in blocks]
            raise _refusal(error, self._path, checked=blocks[0].checked) from error
        self._unchecked += unchecked
        if start < self._done:
            # Somebody shortened the file: give it back from its beginning rather than leave out what was added.
            self._done = 0
        return [None] * len(blocks)

    async def _append_alone(self, block: _Block) -> Unavailable | None:
        try:
            await self._append([block])
        except Unavailable as refusal:
            return refusal
        return None


def _refusal(error: OSError, path: Path, *, checked: bool) -> Unavailable:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable("The local spool cannot be written.", f"{error.strerror}: {path}.")
    if not checked:
        return Unavailable(
            "The database is away, and this key could not be checked.",
            "The share of the local spool for such requests is used up; send it again later.",
        )
    return Unavailable(
        "The local spool is full.", "The database is away and the disk takes no more; send it again later."
    )


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
