"""Rows of changes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.db.jsonb import texts
from muster.base.unit import Conn
from muster.changes.change import Change, StoredChange
from muster.kit.ids import new_id
from muster.kit.link import Link

_COLUMNS = "id, integration_id, key, kind, title, description, labels, links, at, received_at"


async def insert(conn: Conn, integration_id: UUID, changes: Sequence[Change], now: datetime) -> int:
    """Keep changes that are new; returns how many were."""
    done = await conn.execute(
        f"""INSERT INTO changes ({_COLUMNS})
            SELECT id, $2, key, kind, title, description, labels, links::jsonb, at, $3
            FROM unnest($1::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[],
                        $10::timestamptz[]) AS c (id, key, kind, title, description, labels, links, at)
            ON CONFLICT (integration_id, key) DO NOTHING""",
        [new_id(now) for _ in changes],
        integration_id,
        now,
        [change.key for change in changes],
        [change.kind for change in changes],
        [change.title for change in changes],
        [change.description for change in changes],
        [change.labels for change in changes],
        texts(change.links for change in changes),
        [change.at for change in changes],
    )
    return int(done.split()[-1])


async def recent(
    conn: Conn, limit: int, after: tuple[datetime, UUID] | None = None, *, before: datetime | None = None
) -> list[StoredChange]:
    """Changes, newest first, from a cursor on; or those that happened up to an instant."""
    at, change_id = after or (None, None)
    rows = await conn.fetch(
        f"""SELECT {_COLUMNS} FROM changes
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
