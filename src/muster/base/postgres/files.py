"""Files made safely by root in somebody's directory: never through a planted link, never half written, owner set."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def owner_of(directory: Path) -> tuple[int, int]:
    """User and group id of a directory."""
    found = directory.stat()
    return found.st_uid, found.st_gid


def hand_over(descriptor: int, uid: int, gid: int) -> None:
    """Give an open file to its owner where it is not theirs already (only root ever needs to)."""
    found = os.fstat(descriptor)
    if (found.st_uid, found.st_gid) != (uid, gid) and os.geteuid() == 0:
        os.fchown(descriptor, uid, gid)


def write(path: Path, text: str) -> None:
    """Replace a file in one step, readable by all, owned by its directory's owner; unchanged text is not rewritten."""
    with suppress(OSError, UnicodeDecodeError):
        if not path.is_symlink() and path.read_text(encoding="utf-8") == text:
            return
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # The server reads these files as another user, whatever the umask of the person who started Muster.
            os.fchmod(file.fileno(), 0o644)
            hand_over(file.fileno(), *owner_of(path.parent))
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def make_directory(path: Path, mode: int, owner: tuple[int, int]) -> None:
    """Make a directory of ours with exactly this mode and owner, or correct one that is there; parents are untouched."""
    with suppress(FileExistsError):
        path.mkdir(mode=mode)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        hand_over(descriptor, *owner)
        if os.fstat(descriptor).st_mode & 0o7777 != mode:
            os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)
