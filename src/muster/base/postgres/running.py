"""Finds the embedded server of a Muster that is running, so that a command beside it can use the same database."""

from pathlib import Path
from typing import Any

from muster.base.postgres import lock, pidfile, roles
from muster.base.postgres.layout import locate


class Starting(Exception):
    """A Muster holds the database, whose server does not accept connections yet."""


def running_args(data_dir: Path) -> dict[str, Any] | None:
    """What asyncpg takes to connect to the server of a data directory, or None where no Muster runs on it now.

    Raises:
        Starting: ask again in a moment.
    """
    layout = locate(data_dir)
    if lock.holder(layout.lock) is None:
        return None
    found = pidfile.read(layout.pidfile)
    if found is None or not found.is_ready or found.socket_dir is None:
        raise Starting
    return roles.connect_args(found.socket_dir)
