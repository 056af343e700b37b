"""Rows of overrides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.oncall.schedules.override import StoredOverride

_SELECT = """
SELECT overrides.id, schedules.name AS schedule, persons.name AS person, start_at AS start, end_at AS "end", note, made_by,
       overrides.created_at, removed_at, removed_by
FROM overrides JOIN schedules ON schedules.id = schedule_id LEFT JOIN persons ON persons.id = person_id """
_IN_ORDER = "ORDER BY overrides.created_at, overrides.id"
_HOLDING = "start_at < least(end_at, removed_at) AND least(end_at, removed_at) > $2 AND start_at < $3 "


async def overrides_of(conn: Conn, names: Sequence[str], start: datetime, end: datetime) -> list[StoredOverride]:
    """Overrides of schedules that hold at some instant of `[start, end)`, in the order in which they were made."""
    rows = await conn.fetch(_SELECT + f"WHERE schedules.name = ANY($1) AND {_HOLDING}{_IN_ORDER}", names, start, end)
    return [_override(row) for row in rows]


async def overrides_of_person(conn: Conn, person_id: UUID, start: datetime, end: datetime) -> list[StoredOverride]:
    """Overrides that put a person on call at some instant of `[start, end)`, on any schedule."""
    condition = f"WHERE schedules.deleted_at IS NULL AND person_id = $1 AND {_HOLDING}{_IN_ORDER}"
    return [_override(row) for row in await conn.fetch(_SELECT + condition, person_id, start, end)]


async def override(conn: Conn, id: UUID, *, hold: bool = False) -> StoredOverride | None:
    """One override, removed or not."""
    row = await conn.fetchrow(_SELECT + f"WHERE overrides.id = $1 {'FOR UPDATE OF overrides' if hold else ''}", id)
    return _override(row) if row else None


async def insert_override(conn: Conn, schedule_id: UUID, person_id: UUID | None, override: StoredOverride) -> None:
    """Write a new override."""
    await conn.execute(
        """INSERT INTO overrides (id, schedule_id, person_id, start_at, end_at, note, made_by, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        override.id,
        schedule_id,
        person_id,
        override.start,
        override.end,
        override.note,
        override.made_by,
        override.created_at,
    )


async def end_override(conn: Conn, id: UUID, now: datetime, by: str) -> None:
    """Let an override hold no longer than until now."""
    await conn.execute("UPDATE overrides SET removed_at = $2, removed_by = $3 WHERE id = $1", id, now, by)


def _override(row: Record) -> StoredOverride:
    return StoredOverride(**dict(row))
