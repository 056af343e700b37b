"""Finds the embedded server of a Muster that is running, so that a command beside it can use the same database."""

from pathlib import Path
from typing import Any

from muster.base.postgres import lock, pidfile, roles
from muster.base.postgres.layout import locate


def running_args(data_dir: Path) -> dict[str, Any] | None:
    """What asyncpg takes to connect to the server of a data directory, or None where no Muster runs on it now."""
    layout = locate(data_dir)
    if lock.holder(layout.lock) is None:
        return None
    found = pidfile.read(layout.pidfile)
    return roles.connect_args(found.socket_dir) if found and found.is_ready and found.socket_dir else None
