"""The one row of the organisation."""

from datetime import datetime

from muster.base.db.locks import Lock, hold
from muster.base.unit import Conn


async def organisation_name(conn: Conn) -> str | None:
    """What the organisation is called; none before it is set up."""
    name: str | None = await conn.fetchval("SELECT name FROM organisation")
    return name


async def name_organisation(conn: Conn, name: str, now: datetime) -> None:
    """Set what the organisation is called."""
    await conn.execute(
        "INSERT INTO organisation (name, created_at) VALUES ($1, $2) ON CONFLICT (singleton) DO UPDATE SET name = $1",
        name,
        now,
    )


async def hold_setup(conn: Conn) -> None:
    """Let only one transaction at a time set Muster up."""
    await hold(conn, Lock.SETUP)
