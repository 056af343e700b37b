"""Rows of raw signals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.base.db.jsonb import texts
from muster.base.unit import Conn

MALFORMED_KEPT = 1000


@dataclass(frozen=True, slots=True)
class RawSignal:
    """A request as it was received."""

    id: UUID
    integration_id: UUID
    received_at: datetime
    path: str
    headers: dict[str, str]
    body: bytes
    outcome: str
    faults: list[dict[str, Any]] = field(default_factory=list)


async def insert(conn: Conn, signals: Sequence[RawSignal]) -> None:
    """Keep requests, and note that their integrations are alive."""
    await conn.execute(
        """INSERT INTO signals (id, integration_id, received_at, path, headers, body, outcome, faults)
           SELECT id, integration_id, received_at, path, headers, body, outcome, faults::jsonb
           FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::bytea[], $7::text[],
                       $8::text[]) AS new (id, integration_id, received_at, path, headers, body, outcome, faults)""",
        [each.id for each in signals],
        [each.integration_id for each in signals],
        [each.received_at for each in signals],
        [each.path for each in signals],
        [each.headers for each in signals],
        [each.body for each in signals],
        [each.outcome for each in signals],
        texts(each.faults for each in signals),
    )


async def seen(conn: Conn, integration_ids: Sequence[UUID], at: datetime) -> None:
    """Note when integrations last sent something; skipped where another transaction is noting the same."""
    await conn.execute(
        """UPDATE integrations SET last_signal_at = $2 WHERE id IN (
             SELECT id FROM integrations WHERE id = ANY($1) AND (last_signal_at IS NULL OR last_signal_at < $2)
             ORDER BY id FOR UPDATE SKIP LOCKED)""",
        list(integration_ids),
        at,
    )


async def by_id(conn: Conn, signal_id: UUID) -> RawSignal | None:
    """One raw signal."""
    row = await conn.fetchrow("SELECT * FROM signals WHERE id = $1", signal_id)
    return RawSignal(**dict(row)) if row else None


async def recent(conn: Conn, integration_id: UUID, *, malformed: bool, limit: int) -> list[RawSignal]:
    """The newest signals of an integration, or only those that were refused."""
    rows = await conn.fetch(
        """SELECT * FROM signals WHERE integration_id = $1 AND (NOT $2 OR outcome = 'malformed')
           ORDER BY received_at DESC, id DESC LIMIT $3""",
        integration_id,
        malformed,
        limit,
    )
    return [RawSignal(**dict(row)) for row in rows]


async def settle(conn: Conn, signal_id: UUID) -> None:
    """A deferred signal has been dealt with."""
    await conn.execute("UPDATE signals SET outcome = 'accepted' WHERE id = $1 AND outcome = 'deferred'", signal_id)


async def trim_malformed(conn: Conn, integration_id: UUID) -> None:
    """Keep only the newest refused requests of an integration, so that a broken sender cannot fill the disk."""
    await conn.execute(
        """DELETE FROM signals WHERE id IN (SELECT id FROM signals WHERE integration_id = $1 AND outcome = 'malformed'
           ORDER BY received_at DESC OFFSET $2)""",
        integration_id,
        MALFORMED_KEPT,
    )


async def trim(conn: Conn, before: datetime, limit: int) -> int:
    """Drop old requests that were dealt with, but never the last one of an alert; returns how many went."""
    done = await conn.execute(
        """DELETE FROM signals WHERE id IN (
             SELECT id FROM signals WHERE received_at < $1 AND outcome <> 'deferred'
             AND NOT EXISTS (SELECT FROM alerts WHERE signal_id = signals.id) LIMIT $2)""",
        before,
        limit,
    )
    return int(done.split()[-1])
