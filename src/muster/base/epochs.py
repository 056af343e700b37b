"""Which generation of a derived key is in use: counted up in the database, so that all nodes change over together."""

from datetime import datetime

from muster.base.unit import Conn

FIRST = 0


async def epochs(conn: Conn) -> dict[str, int]:
    """The generation of each purpose that was ever rotated; all others are in the first."""
    return {row["purpose"]: row["epoch"] for row in await conn.fetch("SELECT purpose, epoch FROM key_epochs")}


async def next_epoch(conn: Conn, purpose: str, now: datetime) -> int:
    """Begin the next generation and return its number."""
    number: int = await conn.fetchval(
        """INSERT INTO key_epochs AS known (purpose, epoch, since) VALUES ($1, 1, $2)
           ON CONFLICT (purpose) DO UPDATE SET epoch = known.epoch + 1, since = $2 RETURNING epoch""",
        purpose,
        now,
    )
    return number
