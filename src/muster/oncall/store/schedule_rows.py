"""Rows of schedules and their versions."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.oncall.reading import read_schedule
from muster.oncall.schedule import Schedule
from muster.oncall.stored import StoredSchedule, StoredVersion
from muster.oncall.writing import write_schedule

_VERSIONS = """
SELECT schedules.id, name, number, valid_from, definition::text AS definition, made_by
FROM schedules JOIN schedule_versions ON schedule_id = schedules.id """
_NEWEST = (
    _VERSIONS
    + """WHERE number = (SELECT max(number) FROM schedule_versions AS other WHERE other.schedule_id = schedules.id)
    AND deleted_at IS NULL """
)


async def schedule_named(conn: Conn, name: str, *, hold: bool = False) -> StoredSchedule | None:
    """The schedule of that name, unless deleted; `hold` keeps others from changing it until the transaction ends."""
    if hold:
        # A lock of its own first: the statement after it then sees what others committed while this one waited.
        await conn.execute("SELECT FROM schedules WHERE name = $1 FOR UPDATE", name)
    row = await conn.fetchrow(_NEWEST + "AND name = $1", name)
    return _stored(row) if row else None


async def schedules_named(conn: Conn, names: Iterable[str]) -> dict[str, StoredSchedule]:
    """Those of the names that exist."""
    rows = await conn.fetch(_NEWEST + "AND name = ANY($1)", list(names))
    return {row["name"]: _stored(row) for row in rows}


async def schedules(conn: Conn, *, search: str = "", after: str = "", limit: int = 500) -> list[StoredSchedule]:
    """Schedules by name, beginning behind the name `after`; `search` is a part of the name."""
    condition = "AND name > $1 AND ($2 = '' OR position(lower($2) IN name) > 0) ORDER BY name LIMIT $3"
    return [_stored(row) for row in await conn.fetch(_NEWEST + condition, after, search, limit)]


async def schedules_with(conn: Conn, person_id: UUID) -> list[StoredSchedule]:
    """Schedules in whose newest version the person takes turns, by name."""
    condition = """AND EXISTS (SELECT FROM schedule_people AS people
        WHERE people.schedule_id = schedules.id AND person_id = $1) ORDER BY name"""
    return [_stored(row) for row in await conn.fetch(_NEWEST + condition, person_id)]


async def versions_of(conn: Conn, id: UUID, *, before: int | None = None, limit: int = 500) -> list[StoredVersion]:
    """Versions of one schedule, the newest first, beginning below the number `before`."""
    condition = "WHERE schedules.id = $1 AND ($2::int IS NULL OR number < $2) ORDER BY number DESC LIMIT $3"
    return [
        StoredVersion(row["number"], row["valid_from"], row["made_by"], perhaps_schedule(row["definition"]))
        for row in await conn.fetch(_VERSIONS + condition, id, before, limit)
    ]


async def names_of_all(conn: Conn) -> set[str]:
    """The names of all schedules that exist."""
    return {row["name"] for row in await conn.fetch("SELECT name FROM schedules WHERE deleted_at IS NULL")}


async def claim_name(conn: Conn, id: UUID, name: str, now: datetime) -> UUID | None:
    """The row for a new schedule: a fresh one, or that of a deleted schedule of this name, whose history it continues.

    None where a schedule of this name exists.
    """
    claimed: UUID | None = await conn.fetchval(
        """INSERT INTO schedules (id, name, created_at) VALUES ($1, $2, $3)
           ON CONFLICT (name) DO UPDATE SET deleted_at = NULL WHERE schedules.deleted_at IS NOT NULL
           RETURNING id""",
        id,
        name,
        now,
    )
    return claimed


async def add_version(
    conn: Conn, id: UUID, schedule: Schedule | None, now: datetime, made_by: str, person_ids: Sequence[UUID] = ()
) -> int:
    """Put a version in force from now, with who stands in it; None deletes. Returns its number."""
    await conn.execute("UPDATE schedules SET deleted_at = $2 WHERE id = $1", id, now if schedule is None else None)
    await conn.execute("DELETE FROM schedule_people WHERE schedule_id = $1", id)
    await conn.execute(
        "INSERT INTO schedule_people (schedule_id, person_id) SELECT $1, unnest($2::uuid[])", id, list(person_ids)
    )
    number: int = await conn.fetchval(
        """INSERT INTO schedule_versions (schedule_id, number, valid_from, definition, made_by)
           SELECT $1, coalesce(max(number), 0) + 1, greatest(max(valid_from), $2), $3, $4
           FROM schedule_versions WHERE schedule_id = $1 RETURNING number""",
        id,
        now,
        write_schedule(schedule) if schedule else None,
        made_by,
    )
    return number


@lru_cache(maxsize=2048)
def schedule_of(definition: str) -> Schedule:
    """A stored definition as a schedule; versions never change, so neither does the answer."""
    return read_schedule(json.loads(definition))


def perhaps_schedule(definition: str | None) -> Schedule | None:
    """The same for a version that may be a deletion."""
    return schedule_of(definition) if definition else None


def _stored(row: Record) -> StoredSchedule:
    return StoredSchedule(
        id=row["id"],
        name=row["name"],
        number=row["number"],
        since=row["valid_from"],
        made_by=row["made_by"],
        schedule=schedule_of(row["definition"]),
    )
