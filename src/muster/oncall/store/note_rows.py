"""Rows of hand-off notes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.oncall.shifts.handoff_note import STANDS, HandOffNote

_NOTES = Table("handoff_notes", id="uuid", text="text", written_at="timestamptz", schedule_id="uuid", author_id="uuid")
_SELECT = """
SELECT note.id, schedules.name AS schedule, persons.name AS author, text, written_at, done_at, done_by
FROM handoff_notes AS note JOIN schedules ON schedules.id = schedule_id JOIN persons ON persons.id = author_id """


async def standing(conn: Conn, schedules: Sequence[str], now: datetime) -> list[HandOffNote]:
    """Notes of schedules that stand, the newest first."""
    rows = await conn.fetch(
        _SELECT + "WHERE schedules.name = ANY($1) AND done_at IS NULL AND written_at > $2 ORDER BY note.id DESC",
        list(schedules),
        now - STANDS,
    )
    return [_note(row) for row in rows]


async def of_schedule(conn: Conn, schedule: str, *, before: UUID | None = None, limit: int = 500) -> list[HandOffNote]:
    """All notes of a schedule, the newest first, beginning behind `before`."""
    rows = await conn.fetch(
        _SELECT + "WHERE schedules.name = $1 AND ($2::uuid IS NULL OR note.id < $2) ORDER BY note.id DESC LIMIT $3",
        schedule,
        before,
        limit,
    )
    return [_note(row) for row in rows]


async def note(conn: Conn, id: UUID, *, hold: bool = False) -> HandOffNote | None:
    """One note."""
    row = await conn.fetchrow(_SELECT + f"WHERE note.id = $1 {'FOR UPDATE OF note' if hold else ''}", id)
    return _note(row) if row else None


async def insert(conn: Conn, schedule_id: UUID, author_id: UUID, note: HandOffNote) -> None:
    """Write a note."""
    await _NOTES.insert(conn, [note], schedule_id=schedule_id, author_id=author_id)


async def done(conn: Conn, id: UUID, by: str, now: datetime) -> None:
    """Put a note aside."""
    await conn.execute("UPDATE handoff_notes SET done_at = $2, done_by = $3 WHERE id = $1", id, now, by)


def _note(row: Record) -> HandOffNote:
    return HandOffNote(**dict(row))
