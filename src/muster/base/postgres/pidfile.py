"""PostgreSQL's postmaster.pid: how it tells the world which process serves a cluster, where, and whether it is ready."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What the file says; it may be about a process that is long gone."""

    pid: int
    socket_dir: Path | None
    status: str

    @property
    def is_ready(self) -> bool:
        """Whether it accepts connections."""
        return self.status == "ready"


def read(path: Path) -> Postmaster | None:
    """The file's content (its lines are fixed by PostgreSQL's pidfile.h), or None if it is absent or half written."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return None
    lines += [""] * (8 - len(lines))
    socket_dir = lines[4].strip()
    # A negative id marks a single-user server.
    return Postmaster(abs(pid), Path(socket_dir) if socket_dir else None, lines[7].strip())
