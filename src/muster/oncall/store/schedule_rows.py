"""Rows of schedules and their versions, and which schedules concern a person."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.manifest import write_schedule
from muster.oncall.schedules.schedule import Schedule
from muster.oncall.schedules.version import StoredSchedule, StoredVersion

_CONCERNING = """
SELECT name FROM schedules JOIN schedule_versions AS version ON schedule_id = schedules.id
WHERE valid_from < $4 AND withdrawn_at IS NULL AND definition IS NOT NULL AND position($2 IN definition::text) > 0
    AND NOT EXISTS (SELECT FROM schedule_versions AS later
                    WHERE later.schedule_id = schedules.id AND later.number > version.number
                        AND later.withdrawn_at IS NULL AND later.valid_from <= $3)
UNION
SELECT name FROM schedules JOIN schedule_calendars AS named ON named.schedule_id = schedules.id
JOIN calendar_versions AS content USING (calendar_id)
WHERE content.valid_from < $4 AND position($2 IN content.content::text) > 0
UNION
SELECT name FROM schedules JOIN overrides ON schedule_id = schedules.id
WHERE person_id = $1 AND start_at < $4 AND least(end_at, removed_at) > $3"""
_PEOPLE = Table("schedule_people", schedule_id="uuid", number="integer", person_id="uuid", leaves_at="timestamptz")
_VERSIONS = """
SELECT schedules.id, name, number, valid_from, definition::text AS definition, made_by, withdrawn_at, withdrawn_by
FROM schedules JOIN schedule_versions AS version ON schedule_id = schedules.id """
_LATER = """SELECT FROM schedule_versions AS later
    WHERE later.schedule_id = schedules.id AND later.number > version.number AND later.withdrawn_at IS NULL"""
_NEWEST = _VERSIONS + f"WHERE deleted_at IS NULL AND withdrawn_at IS NULL AND NOT EXISTS ({_LATER}) "
_STANDING = f"""
SELECT FROM schedule_people AS people JOIN schedule_versions AS version USING (schedule_id, number)
WHERE schedule_id = schedules.id AND person_id = $1 AND withdrawn_at IS NULL AND (leaves_at IS NULL OR leaves_at > $2)
    AND NOT EXISTS ({_LATER} AND later.valid_from <= $2)"""


@dataclass(frozen=True, slots=True)
class VersionReferences:
    """Whom and what a version names: persons, with until when at the latest (None for ever), and calendars, by id."""

    persons: Mapping[UUID, datetime | None] = field(default_factory=dict)
    calendars: tuple[UUID, ...] = ()


async def schedule_named(conn: Conn, name: str, *, hold: bool = False) -> StoredSchedule | None:
    """The newest version of the schedule of that name, also one that has yet to take effect; None where it is deleted.

    `hold` keeps others from changing it until the transaction ends.
    """
    if hold:
        # A lock of its own first: the statement after it then sees what others committed while this one waited.
        await conn.execute("SELECT FROM schedules WHERE name = $1 FOR UPDATE", name)
    row = await conn.fetchrow(_NEWEST + "AND name = $1", name)
    return _stored(row) if row else None


async def schedule_at(conn: Conn, name: str, now: datetime) -> StoredSchedule | None:
    """The schedule of that name as it is in force, or the first that will be where none is yet; None where deleted."""
    row = await conn.fetchrow(
        _VERSIONS
        + """WHERE name = $1 AND deleted_at IS NULL AND withdrawn_at IS NULL AND definition IS NOT NULL
             ORDER BY valid_from <= $2 DESC, CASE WHEN valid_from <= $2 THEN number ELSE -number END DESC LIMIT 1""",
        name,
        now,
    )
    return _stored(row) if row else None


async def schedules_named(conn: Conn, names: Iterable[str]) -> dict[str, StoredSchedule]:
    """Those of the names that exist, in their newest versions."""
    rows = await conn.fetch(_NEWEST + "AND name = ANY($1)", list(names))
    return {row["name"]: _stored(row) for row in rows}


async def schedules(conn: Conn, *, search: str = "", after: str = "", limit: int = 500) -> list[StoredSchedule]:
    """Schedules by name in their newest versions, beginning behind the name `after`; `search` is a part of the name."""
    condition = "AND name > $1 AND ($2 = '' OR position(lower($2) IN name) > 0) ORDER BY name LIMIT $3"
    return [_stored(row) for row in await conn.fetch(_NEWEST + condition, after, search, limit)]


async def schedules_with(conn: Conn, person_id: UUID, now: datetime | None = None) -> list[StoredSchedule]:
    """Schedules in which the person takes turns now or later, by the versions in force and to come, by name."""
    condition = f"AND EXISTS ({_STANDING}) ORDER BY name"
    since = now or datetime.max.replace(tzinfo=UTC)
    return [_stored(row) for row in await conn.fetch(_NEWEST + condition, person_id, since)]


async def versions_of(conn: Conn, id: UUID, *, before: int | None = None, limit: int = 500) -> list[StoredVersion]:
    """Versions of one schedule, the newest first, beginning below the number `before`."""
    condition = "WHERE schedules.id = $1 AND ($2::int IS NULL OR number < $2) ORDER BY number DESC LIMIT $3"
    return [_version(row) for row in await conn.fetch(_VERSIONS + condition, id, before, limit)]


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
    conn: Conn,
    id: UUID,
    schedule: Schedule | None,
    since: datetime,
    made_by: str,
    stands_in: VersionReferences | None = None,
) -> int:
    """Put a version in force from `since`, with who and what stands in it; None deletes. Returns its number."""
    named = stands_in or VersionReferences()
    await conn.execute("UPDATE schedules SET deleted_at = $2 WHERE id = $1", id, since if schedule is None else None)
    number: int = await conn.fetchval(
        """INSERT INTO schedule_versions (schedule_id, number, valid_from, definition, made_by)
           SELECT $1, coalesce(max(number), 0) + 1, greatest(max(valid_from) FILTER (WHERE withdrawn_at IS NULL), $2), $3, $4
           FROM schedule_versions WHERE schedule_id = $1 RETURNING number""",
        id,
        since,
        write_schedule(schedule) if schedule else None,
        made_by,
    )
    await _PEOPLE.insert(conn, list(named.persons.items()), schedule_id=id, number=number)
    await conn.execute(
        "INSERT INTO schedule_calendars (schedule_id, number, calendar_id) SELECT $1, $2, unnest($3::uuid[])",
        id,
        number,
        list(named.calendars),
    )
    return number


async def versions_ahead(conn: Conn, id: UUID, now: datetime) -> list[StoredVersion]:
    """Versions that have yet to take effect, the newest first."""
    return [version for version in await versions_of(conn, id) if version.since > now and version.withdrawn_at is None]


async def withdraw_version(conn: Conn, id: UUID, number: int, now: datetime, by: str) -> None:
    """Let a version never take effect."""
    await conn.execute(
        "UPDATE schedule_versions SET withdrawn_at = $3, withdrawn_by = $4 WHERE schedule_id = $1 AND number = $2",
        id,
        number,
        now,
        by,
    )


@lru_cache(maxsize=2048)
def schedule_of(definition: str) -> Schedule:
    """A stored definition as a schedule; versions never change, so neither does the answer."""
    return read_schedule(json.loads(definition))


def perhaps_schedule(definition: str | None) -> Schedule | None:
    """The same for a version that may be a deletion."""
    return schedule_of(definition) if definition else None


def _version(row: Record) -> StoredVersion:
    _, _, number, since, definition, made_by, *withdrawn = row
    return StoredVersion(number, since, made_by, perhaps_schedule(definition), *withdrawn)


def _stored(row: Record) -> StoredSchedule:
    id, name, number, since, definition, made_by, *_ = row
    return StoredSchedule(id, name, number, since, made_by, schedule_of(definition))


async def schedules_of_person(conn: Conn, person_id: UUID, start: datetime, end: datetime) -> set[str]:
    """Names of schedules that may have put, or will put, a person on call inside `[start, end)`; some more do no harm."""
    name = await conn.fetchval("SELECT to_json(name)::text FROM persons WHERE id = $1", person_id)
    return {row["name"] for row in await conn.fetch(_CONCERNING, person_id, name or "", start, end)}
