"""Looks a password up in a local list of breached ones: a sorted file of SHA-1 hashes, searched on the disk, sent nowhere."""

import hashlib
import os
from pathlib import Path

from muster.kit.errors import Fault, Invalid

LONGEST_LINE = 64
"""A hash of 40 hexadecimal digits, perhaps a colon and how often it was seen, and the end of the line."""


class Breached:
    """The list in a file as Have I Been Pwned gives it out, ordered by hash: one `HASH:COUNT` or `HASH` a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            first = file.readline(LONGEST_LINE)
        if len(first) < 40 or not _hash_of(first):
            raise Invalid("The list of breached passwords cannot be read.", faults=[_fault(path)])

    def holds(self, password: str) -> bool:
        """Whether the password is on the list; a few dozen reads, however long it is."""
        wanted = hashlib.sha1(password.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest().upper()
        with self._path.open("rb") as file:
            low, high = 0, os.fstat(file.fileno()).st_size
            # The line that begins at or behind `low` and before `high` may be the one.
            while low < high:
                middle = (low + high) // 2
                file.seek(max(0, middle - 1))
                if middle:
                    file.readline(LONGEST_LINE)
                start = file.tell()
                found = _hash_of(file.readline(LONGEST_LINE)) if start < high else ""
                if found == wanted:
                    return True
                if not found or found > wanted:
                    high = middle
                else:
                    low = start + 1
        return False


def open_breached(path: Path) -> Breached:
    """The list in that file.

    Raises:
        Invalid: there is none, or it has another format.
    """
    try:
        return Breached(path)
    except OSError as error:
        fault = Fault("MUSTER_BREACHED_PASSWORDS", f"{path}: {error.strerror}.", "Name a file that Muster may read.")
        raise Invalid("The list of breached passwords cannot be read.", faults=[fault]) from error


def _hash_of(line: bytes) -> str:
    text = line[:40].decode("ascii", "replace").upper()
    return text if len(text) == 40 and all(digit in "0123456789ABCDEF" for digit in text) else ""


def _fault(path: Path) -> Fault:
    rule = f"{path} does not begin with a SHA-1 hash."
    return Fault("MUSTER_BREACHED_PASSWORDS", rule, "Use the list of SHA-1 hashes that is ordered by hash.")
