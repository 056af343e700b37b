"""One Muster per database: an advisory lock that the kernel releases whatever way its holder dies."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from muster.base.postgres import files
from muster.base.postgres.problems import cannot_use
from muster.kit.errors import Unavailable

STOPPING = "stopping"


class FileLock:
    """An flock on a file that holds the process id of its holder; the file itself stays, as deleting it would race.

    `what` is locked by it: what the file's directory is called in a refusal.
    """

    def __init__(self, path: Path, what: str = "database") -> None:
        self._path, self._what = path, what
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock; Unavailable names the process that has it."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise cannot_use(self._path, error, "lock") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").partition(" ")[0].strip()
            os.close(descriptor)
            raise Unavailable(
                f"Another Muster{f' (process {holder})' if holder else ''} is using the {self._what} in "
                f"{self._path.parent}.",
                "Stop that one first, or give this one its own MUSTER_DATA_DIR and MUSTER_PORT.",
            ) from None
        except OSError as error:
            os.close(descriptor)
            raise cannot_use(self._path, error, "lock") from error
        self._descriptor = descriptor
        # Written after the lock is ours; a full disk must not keep us from holding it.
        with suppress(OSError):
            files.hand_over(descriptor, *files.owner_of(self._path.parent))
        self.note("")

    def note(self, word: str) -> None:
        """Write the process id and a word into the file, for others to read; without the lock it does nothing."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
                os.pwrite(self._descriptor, f"{os.getpid()} {word}".strip().encode() + b"\n", 0)

    def release(self) -> None:
        """Give the lock back; releasing twice does no harm."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder(path: Path) -> str | None:
    """The process id written by the Muster that holds the lock now ("?" if it wrote none), or None if it is free."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "?"
    finally:
        os.close(descriptor)
    return None
