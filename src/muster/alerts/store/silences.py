"""Rows of silences and maintenance windows."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.alerts.matchers import Matcher
from muster.alerts.silence import Silence
from muster.base.unit import Conn

_COLUMNS = "id, kind, integration_id, matchers, starts_at, ends_at, created_by, comment, created_at, updated_at"


async def unexpired(conn: Conn, now: datetime) -> list[Silence]:
    """Active and pending silences."""
    rows = await conn.fetch(f"SELECT {_COLUMNS} FROM silences WHERE ends_at > $1 ORDER BY ends_at", now)
    return [_silence(row) for row in rows]


async def newest(
    conn: Conn,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
    unended_at: datetime | None = None,
    integration_id: UUID | None = None,
) -> list[Silence]:
    """Silences, those that end last first, from a cursor on: all, or not those over by an instant, or one integration's."""
    at, silence_id = after or (None, None)
    rows = await conn.fetch(
        f"""SELECT {_COLUMNS} FROM silences WHERE ($2::timestamptz IS NULL OR (ends_at, id) < ($2, $3::uuid))
              AND ($4::timestamptz IS NULL OR ends_at > $4) AND ($5::uuid IS NULL OR integration_id = $5)
            ORDER BY ends_at DESC, id DESC LIMIT $1""",
        limit,
        at,
        silence_id,
        unended_at,
        integration_id,
    )
    return [_silence(row) for row in rows]


async def by_id(conn: Conn, silence_id: UUID) -> Silence | None:
    """One silence, locked for a change."""
    row = await conn.fetchrow(f"SELECT {_COLUMNS} FROM silences WHERE id = $1 FOR UPDATE", silence_id)
    return _silence(row) if row else None


async def save(conn: Conn, silence: Silence) -> None:
    """Insert or overwrite a silence."""
    await conn.execute(
        f"""INSERT INTO silences ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET kind = $2, matchers = $4, starts_at = $5, ends_at = $6, created_by = $7,
                                           comment = $8, updated_at = $10""",
        silence.id,
        silence.kind,
        silence.integration_id,
        [{"name": m.name, "value": m.value, "is_regex": m.is_regex, "is_equal": m.is_equal} for m in silence.matchers],
        silence.starts_at,
        silence.ends_at,
        silence.created_by,
        silence.comment,
        silence.created_at,
        silence.updated_at,
    )


def _silence(row: Record) -> Silence:
    return Silence(**{**dict(row), "matchers": tuple(Matcher(**matcher) for matcher in row["matchers"])})
