"""Rows of the browsers that a person has signed in from before."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.people.brake import DEVICE_LIFE


async def known(conn: Conn, person_id: UUID | None, token_hash: bytes, now: datetime) -> UUID | None:
    """The id of this browser for that person, if they used it within its life."""
    found: UUID | None = await conn.fetchval(
        "SELECT id FROM known_devices WHERE person_id = $1 AND token_hash = $2 AND last_used_at > $3",
        person_id,
        token_hash,
        now - DEVICE_LIFE,
    )
    return found


async def issued(conn: Conn, token_hash: bytes) -> bool:
    """Whether Muster gave this cookie to a browser, for anybody."""
    return bool(await conn.fetchval("SELECT EXISTS (SELECT FROM known_devices WHERE token_hash = $1)", token_hash))


async def keep(conn: Conn, id: UUID, person_id: UUID, token_hash: bytes, now: datetime) -> None:
    """Know this browser for that person from now on."""
    await conn.execute(
        """INSERT INTO known_devices (id, person_id, token_hash, created_at, last_used_at) VALUES ($1, $2, $3, $4, $4)
           ON CONFLICT (person_id, token_hash) DO UPDATE SET last_used_at = $4""",
        id,
        person_id,
        token_hash,
        now,
    )


async def count(conn: Conn, person_id: UUID) -> int:
    """How many browsers are known for a person."""
    found: int = await conn.fetchval("SELECT count(*) FROM known_devices WHERE person_id = $1", person_id)
    return found


async def forget(conn: Conn, person_id: UUID) -> None:
    """Know none of a person's browsers any more."""
    await conn.execute("DELETE FROM known_devices WHERE person_id = $1", person_id)


async def forget_old(conn: Conn, now: datetime) -> None:
    """Remove browsers that were not used for too long."""
    await conn.execute("DELETE FROM known_devices WHERE last_used_at <= $1", now - DEVICE_LIFE)
