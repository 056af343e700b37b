"""Where tests keep databases that nobody will miss: in memory where there is room, since a copy of a database is 400 files."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY, _DISK = Path("/dev/shm"), Path("/var/tmp")
_ENOUGH = 4 << 30

HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings of a server whose data nobody will miss."""


def _roomy(place: Path) -> bool:
    return place.is_dir() and shutil.disk_usage(place).free > _ENOUGH


QUICK = _MEMORY if _roomy(_MEMORY) else _DISK
"""A directory that every user can pass through."""


@contextmanager
def quick_folder(prefix: str = "muster-test-") -> Iterator[Path]:
    """A new directory that the embedded server's unprivileged user can pass through; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=prefix, dir=QUICK, ignore_cleanup_errors=True) as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path
