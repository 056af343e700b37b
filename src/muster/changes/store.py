"""Rows of changes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.changes.change import Change, StoredChange
from muster.kit.ids import new_id
from muster.kit.link import Link

_CHANGES = Table(
    "changes", id="uuid", integration_id="uuid", key="text", kind="text", title="text", description="text",
    labels="jsonb", links="jsonb", at="timestamptz", received_at="timestamptz",
)  # fmt: skip


async def insert(conn: Conn, integration_id: UUID, changes: Sequence[Change], now: datetime) -> int:
    """Keep changes that are new; returns how many were."""
    rows = [
        (new_id(now), integration_id, c.key, c.kind, c.title, c.description, c.labels, c.links, c.at, now)
        for c in changes
    ]
    new = await _CHANGES.insert(conn, rows, on_conflict="(integration_id, key) DO NOTHING", returning="id")
    return len(new)


async def recent(
    conn: Conn, limit: int, after: tuple[datetime, UUID] | None = None, *, before: datetime | None = None
) -> list[StoredChange]:
    """Changes, newest first, from a cursor on; or those that happened up to an instant."""
    at, change_id = after or (None, None)
    rows = await conn.fetch(
        f"""SELECT {_CHANGES.text} FROM changes
            WHERE ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid)) AND ($4::timestamptz IS NULL OR at <= $4)
            ORDER BY at DESC, id DESC LIMIT $1""",
        limit,
        at,
        change_id,
        before,
    )
    return [_change(row) for row in rows]


def _change(row: Record) -> StoredChange:
    return StoredChange(**{**dict(row), "links": tuple(Link(**link) for link in row["links"])})
