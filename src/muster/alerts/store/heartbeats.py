"""Rows of heartbeats."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.alerts.heartbeat import Heartbeat, Rhythm
from muster.base.db.bulk import Columns
from muster.base.unit import Conn

_COLUMNS = (
    "id, integration_id, name, title, every, grace, severity, labels, declared, created_at, last_at, missing_since"
)
_CALLS = Columns(
    id="uuid", integration_id="uuid", name="text", every="interval", grace="interval", severity="text", at="timestamptz"
)

# What a call says of the rhythm counts only where nobody declared another. A late call never moves the time back.
_HEARD = f"""
INSERT INTO heartbeats (id, integration_id, name, every, grace, severity, declared, created_at, last_at)
SELECT id, integration_id, name, every, grace, severity, false, at, at
FROM {_CALLS.unnest("call")}
ORDER BY integration_id, name
ON CONFLICT (integration_id, name) DO UPDATE SET last_at = greatest(heartbeats.last_at, excluded.last_at)
RETURNING {_COLUMNS}"""

_PUT = f"""
INSERT INTO heartbeats ({_COLUMNS})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, $9, NULL, NULL)
ON CONFLICT (integration_id, name) DO UPDATE
SET title = $4, every = $5, grace = $6, severity = $7, labels = $8, declared = true
RETURNING {_COLUMNS}"""

_OVERDUE = f"""
SELECT {_COLUMNS} FROM heartbeats
WHERE missing_since IS NULL AND greatest(coalesce(last_at, created_at), $2) + every + grace <= $1
      AND EXISTS (SELECT FROM integrations WHERE integrations.id = integration_id AND active)
ORDER BY integration_id, name LIMIT $3 FOR UPDATE"""


async def heard(conn: Conn, calls: Sequence[tuple[UUID, UUID, str, Rhythm, datetime]]) -> list[Heartbeat]:
    """Note calls of `(new id, integration, name, rhythm, at)`, each heartbeat once; unknown ones begin here."""
    rows = [
        (id, integration_id, name, rhythm.every, rhythm.grace, rhythm.severity, at)
        for id, integration_id, name, rhythm, at in calls
    ]
    return [_heartbeat(row) for row in await conn.fetch(_HEARD, *_CALLS.arrays(rows))]


async def set_rhythm(conn: Conn, id_: UUID, rhythm: Rhythm) -> None:
    """Follow what a call says of its rhythm; declared ones are left alone."""
    await conn.execute(
        "UPDATE heartbeats SET every = $2, grace = $3, severity = $4 WHERE id = $1 AND NOT declared",
        *(id_, rhythm.every, rhythm.grace, rhythm.severity),
    )


async def put(conn: Conn, heartbeat: Heartbeat) -> Heartbeat:
    """Declare a heartbeat, or change what was declared."""
    rhythm = heartbeat.rhythm
    row = await conn.fetchrow(
        _PUT,
        *(heartbeat.id, heartbeat.integration_id, heartbeat.name, heartbeat.title, rhythm.every, rhythm.grace),
        *(rhythm.severity, heartbeat.labels, heartbeat.created_at),
    )
    assert row is not None
    return _heartbeat(row)


async def overdue(conn: Conn, now: datetime, awake_since: datetime, limit: int) -> list[Heartbeat]:
    """Heartbeats that are newly missing; the time before `awake_since`, when Muster could not listen, is not held
    against them. They are locked."""
    return [_heartbeat(row) for row in await conn.fetch(_OVERDUE, now, awake_since, limit)]


async def mark(conn: Conn, ids: Sequence[UUID], missing_since: datetime | None) -> None:
    """Note that heartbeats are missing since a time, or with None that they are not any more."""
    await conn.execute("UPDATE heartbeats SET missing_since = $2 WHERE id = ANY($1)", list(ids), missing_since)


async def of_integrations(conn: Conn, ids: Sequence[UUID]) -> list[Heartbeat]:
    """The heartbeats of integrations by name; missing ones first."""
    rows = await conn.fetch(
        f"""SELECT {_COLUMNS} FROM heartbeats WHERE integration_id = ANY($1)
            ORDER BY missing_since IS NULL, name, integration_id""",
        list(ids),
    )
    return [_heartbeat(row) for row in rows]


async def named(conn: Conn, integration_id: UUID, name: str) -> Heartbeat | None:
    """One heartbeat, locked."""
    row = await conn.fetchrow(
        f"SELECT {_COLUMNS} FROM heartbeats WHERE integration_id = $1 AND name = $2 FOR UPDATE", integration_id, name
    )
    return _heartbeat(row) if row else None


async def count(conn: Conn, integration_id: UUID) -> int:
    """How many heartbeats an integration has."""
    found: int = await conn.fetchval("SELECT count(*) FROM heartbeats WHERE integration_id = $1", integration_id)
    return found


async def delete(conn: Conn, id_: UUID) -> None:
    """Forget a heartbeat."""
    await conn.execute("DELETE FROM heartbeats WHERE id = $1", id_)


def _heartbeat(row: Record) -> Heartbeat:
    fields: dict[str, Any] = dict(row)
    rhythm = Rhythm(fields.pop("every"), fields.pop("grace"), fields.pop("severity"))
    return Heartbeat(rhythm=rhythm, **fields)
