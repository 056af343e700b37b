"""Rows of what providers report later, and the hold under which a report and our own write of the hand-over meet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.paging.channel import Outcome


async def hold(conn: Conn, channel: str, provider_ids: Sequence[str]) -> None:
    """Let one transaction at a time look at and write about these messages of a provider."""
    keys = sorted({f"{channel}/{each}" for each in provider_ids})
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended(key, 7)) FROM unnest($1::text[]) AS key", keys)


async def meant(conn: Conn, channel: str, provider_ids: Sequence[str]) -> list[UUID]:
    """The deliveries that a provider knows by these names; those of a bundle share one."""
    rows = await conn.fetch(
        """SELECT DISTINCT deliveries.id FROM delivery_attempts JOIN deliveries ON deliveries.id = delivery_id
           WHERE delivery_attempts.provider_id = ANY($2) AND delivery_attempts.provider_id <> '' AND channel = $1
           ORDER BY deliveries.id""",
        channel,
        list(provider_ids),
    )
    return [row["id"] for row in rows]


async def keep_early(conn: Conn, channel: str, provider_id: str, outcome: Outcome, reason: str, now: datetime) -> None:
    """Keep a report of a message that nothing is known of yet."""
    await conn.execute(
        """INSERT INTO early_receipts (channel, provider_id, outcome, reason, at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT DO NOTHING""",
        channel,
        provider_id,
        str(outcome),
        reason,
        now,
    )
