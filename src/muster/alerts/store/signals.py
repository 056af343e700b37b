"""Rows of raw signals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from muster.base.db.bulk import Columns, Table
from muster.base.unit import Conn

MALFORMED_KEPT = 1000
LISTED = 2000
_SIGNALS = Table(
    "signals", id="uuid", integration_id="uuid", received_at="timestamptz", path="text", headers="jsonb", body="bytea",
    outcome="text", faults="jsonb",
)  # fmt: skip
_REMARKS = Columns(id="uuid", faults="jsonb")
_BRIEF = f"""id, integration_id, received_at, path, headers, substring(body FROM 1 FOR {LISTED}) AS body, outcome, faults,
             octet_length(body) AS size"""


@dataclass(frozen=True, slots=True)
class RawSignal:
    """A request as it was received; in lists `body` is only its beginning, and `size` the bytes of the whole."""

    id: UUID
    integration_id: UUID
    received_at: datetime
    path: str
    headers: dict[str, str]
    body: bytes
    outcome: str
    faults: list[dict[str, Any]] = field(default_factory=list)
    size: int | None = None


def raw_id_of(integration_id: UUID, request_id: str) -> UUID:
    """The id of the raw signal of a request that its sender may ask about."""
    return uuid5(integration_id, request_id)


async def insert(conn: Conn, signals: Sequence[RawSignal]) -> None:
    """Keep requests, and note that their integrations are alive."""
    await _SIGNALS.insert(conn, signals, on_conflict="(id) DO NOTHING")


async def seen(conn: Conn, integration_ids: Sequence[UUID], at: datetime) -> None:
    """Note, to within 5 s, when integrations last sent something; skipped where another transaction is noting the same.

    The lock is the weaker one: FOR UPDATE would make every other node wait that keeps a signal of the same integration.
    """
    await conn.execute(
        """UPDATE integrations SET last_signal_at = $2::timestamptz WHERE id IN (
             SELECT id FROM integrations
             WHERE id = ANY($1) AND (last_signal_at IS NULL OR last_signal_at < $2::timestamptz - interval '5 seconds')
             ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)""",
        list(integration_ids),
        at,
    )


async def by_id(conn: Conn, signal_id: UUID) -> RawSignal | None:
    """One raw signal."""
    row = await conn.fetchrow("SELECT * FROM signals WHERE id = $1", signal_id)
    return RawSignal(**dict(row)) if row else None


async def newest(
    conn: Conn, integration_id: UUID | None, outcome: str, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[RawSignal]:
    """The newest requests of an integration or of all, of one outcome or any (empty), from a cursor on."""
    at, signal_id = after or (None, None)
    # The first half lets the planner see that the small index of what was refused holds them all.
    kind = "outcome <> 'accepted' AND outcome = $2" if outcome not in ("", "accepted") else "($2 = '' OR outcome = $2)"
    rows = await conn.fetch(
        f"""SELECT newest.* FROM integrations CROSS JOIN LATERAL (
              SELECT {_BRIEF} FROM signals WHERE integration_id = integrations.id AND {kind}
              AND ($4::timestamptz IS NULL OR (received_at, id) < ($4, $5::uuid))
              ORDER BY received_at DESC, id DESC LIMIT $3) AS newest
            WHERE $1::uuid IS NULL OR integrations.id = $1 ORDER BY received_at DESC, id DESC LIMIT $3""",
        integration_id,
        outcome,
        limit,
        at,
        signal_id,
    )
    return [RawSignal(**dict(row)) for row in rows]


async def of_alert(conn: Conn, alert_id: UUID, limit: int) -> list[RawSignal]:
    """The requests that changed an alert, and the last that spoke of it, newest first."""
    rows = await conn.fetch(
        f"""SELECT {_BRIEF} FROM signals WHERE id IN (
             SELECT signal_id FROM alert_transitions WHERE alert_id = $1
             UNION ALL SELECT signal_id FROM alerts WHERE id = $1)
           ORDER BY received_at DESC, id DESC LIMIT $2""",
        alert_id,
        limit,
    )
    return [RawSignal(**dict(row)) for row in rows]


async def health(conn: Conn, since: datetime) -> dict[UUID, tuple[int, int]]:
    """For each integration how many requests it sent since an instant, and how many of them were refused."""
    rows = await conn.fetch(
        """SELECT integration_id, count(*) AS received, count(*) FILTER (WHERE outcome = 'malformed') AS refused
           FROM signals WHERE received_at >= $1 GROUP BY integration_id""",
        since,
    )
    return {row["integration_id"]: (row["received"], row["refused"]) for row in rows}


async def remark(conn: Conn, remarks: Mapping[UUID, list[dict[str, Any]]]) -> None:
    """Add to what was odd about requests that are stored already."""
    await conn.execute(
        f"""UPDATE signals SET faults = signals.faults || new.faults::jsonb
            FROM {_REMARKS.unnest("new")} WHERE signals.id = new.id""",
        *_REMARKS.arrays(list(remarks.items())),
    )


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


async def trim_refused(conn: Conn, before: datetime, limit: int) -> int:
    """Drop old requests that were refused; returns how many went."""
    done = await conn.execute(
        """DELETE FROM signals WHERE id IN (
             SELECT id FROM signals WHERE outcome = 'malformed' AND received_at < $1 LIMIT $2)""",
        before,
        limit,
    )
    return int(done.split()[-1])


async def trim(conn: Conn, before: datetime, limit: int) -> int:
    """Drop old requests that were dealt with, but never the last one of an alert; returns how many went."""
    done = await conn.execute(
        """DELETE FROM signals WHERE id IN (
             SELECT id FROM signals WHERE received_at < $1 AND outcome = 'accepted'
             AND NOT EXISTS (SELECT FROM alerts WHERE signal_id = signals.id) LIMIT $2)""",
        before,
        limit,
    )
    return int(done.split()[-1])
