"""What may be wrong with the machine that a node runs on, as values: for doctor, /readyz, /metrics, pages and notices."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from muster.kit.errors import Unavailable

WARN_BYTES, WARN_SHARE = 1 << 30, 0.1
"""A disk is nearly full below a tenth of itself, and never above a gigabyte that is free."""
DATABASE_BYTES = 32 << 20
"""PostgreSQL takes two segments of its log; below that it may not be able to write."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that somebody should look at; `kind` names it for as long as it lasts."""

    kind: str
    sentence: str
    fix: str


@dataclass(frozen=True, slots=True)
class Disk:
    """Room on the disk of a folder, in bytes."""

    folder: Path
    free: int
    total: int

    @property
    def nearly_full(self) -> bool:
        """Whether it is time to look after it, long before anything is refused."""
        return self.free < min(WARN_BYTES, self.total * WARN_SHARE)

    def trouble(self) -> Trouble | None:
        """The warning, where one is due."""
        if not self.nearly_full:
            return None
        return Trouble(
            "disk",
            f"The disk of {self.folder} is nearly full: {_size(self.free)} of {_size(self.total)} are free.",
            "Free some space there: when it is full, alerts are refused.",
        )


def disk_of(folder: Path) -> Disk:
    """The disk of a folder, or of the nearest one above it that exists.

    Raises:
        Unavailable: it cannot be looked at.
    """
    place = Path(os.path.abspath(folder))
    try:
        while not place.exists():
            place = place.parent
        usage = shutil.disk_usage(place)
    except OSError as error:
        raise Unavailable(f"{folder} cannot be looked at.", error.strerror or str(error)) from error
    return Disk(place, usage.free, usage.total)


def _size(number: int) -> str:
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= step:
            return f"{number / step:.1f} {unit}"
    return f"{number} bytes"
