"""The one row of the organisation."""

from datetime import datetime

from muster.base.db.locks import Lock, hold
from muster.base.unit import Conn
from muster.people.factor import Requirement


async def organisation_name(conn: Conn) -> str | None:
    """What the organisation is called; none before it is set up."""
    name: str | None = await conn.fetchval("SELECT name FROM organisation")
    return name


async def requirement(conn: Conn) -> Requirement:
    """Who must have a second factor."""
    row = await conn.fetchrow("SELECT second_factor_for, second_factor_grace, second_factor_since FROM organisation")
    return Requirement(*row.values()) if row else Requirement()


async def require(conn: Conn, wanted: Requirement) -> None:
    """Set who must have a second factor."""
    await conn.execute(
        "UPDATE organisation SET second_factor_for = $1, second_factor_grace = $2, second_factor_since = $3",
        wanted.who,
        wanted.grace,
        wanted.since,
    )


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
