"""Rows of calendars, of what they said from when on, and of who names them."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.kit.ids import new_id
from muster.oncall.calendars.calendar import Calendar, CalendarKind, StoredCalendar, read_content, write_content

_SELECT = """
SELECT id, name, title, kind, coalesce(url, '') AS made_from, made_by, created_at, tried_at, read_at, failed_since,
       coalesce(failure, '') AS failure, notes::text AS notes, organizers
FROM calendars """
_IN_FORCE = """
SELECT version.id, name, valid_from FROM calendars JOIN calendar_versions AS version ON calendar_id = calendars.id
WHERE name = ANY($1) AND valid_from < $3 AND NOT EXISTS (
    SELECT FROM calendar_versions AS later
    WHERE later.calendar_id = calendars.id AND later.number > version.number AND later.valid_from <= $2)
ORDER BY name, number"""
_CONTENTS = """
SELECT version.id, name, version.content::text AS content
FROM calendar_versions AS version JOIN calendars ON calendars.id = calendar_id WHERE version.id = ANY($1)"""
_USERS = """
SELECT DISTINCT name FROM schedule_calendars JOIN schedules ON schedules.id = schedule_id
JOIN schedule_versions AS version USING (schedule_id, number)
WHERE calendar_id = $1 AND deleted_at IS NULL AND withdrawn_at IS NULL AND NOT EXISTS (
    SELECT FROM schedule_versions AS later
    WHERE later.schedule_id = schedules.id AND later.number > version.number AND later.withdrawn_at IS NULL
        AND later.valid_from <= $2)
ORDER BY name"""
_INSTANT = timedelta(microseconds=1)
_MOST_KNOWN = 500
_known: dict[UUID, Calendar] = {}
"""Contents that were read lately; they never change, so they are never out of date."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a calendar's file was when it was last read well: its text and what its server called it."""

    text: str | None
    etag: str | None
    last_modified: str | None


async def calendar_named(conn: Conn, name: str, *, hold: bool = False) -> StoredCalendar | None:
    """The calendar of that name, unless deleted; `hold` keeps others from changing it until the transaction ends."""
    end = "FOR UPDATE" if hold else ""
    row = await conn.fetchrow(_SELECT + f"WHERE name = $1 AND deleted_at IS NULL {end}", name)
    return _stored(row) if row else None


async def calendar_by_id(conn: Conn, id: UUID, *, hold: bool = False) -> StoredCalendar | None:
    """The calendar of that id, unless deleted."""
    end = "FOR UPDATE" if hold else ""
    row = await conn.fetchrow(_SELECT + f"WHERE id = $1 AND deleted_at IS NULL {end}", id)
    return _stored(row) if row else None


async def calendars(conn: Conn, *, after: str = "", limit: int = 500) -> list[StoredCalendar]:
    """Calendars by name, beginning behind the name `after`."""
    condition = "WHERE deleted_at IS NULL AND name > $1 ORDER BY name LIMIT $2"
    return [_stored(row) for row in await conn.fetch(_SELECT + condition, after, limit)]


async def calendars_named(conn: Conn, names: Collection[str], *, hold: bool = False) -> dict[str, StoredCalendar]:
    """Those of the names that exist; `hold` keeps them from being deleted until the transaction ends."""
    end = "FOR SHARE" if hold else ""
    rows = await conn.fetch(_SELECT + f"WHERE name = ANY($1) AND deleted_at IS NULL {end}", list(names))
    return {row["name"]: _stored(row) for row in rows}


async def fetched(conn: Conn, id: UUID) -> CalendarFile:
    """The file of a calendar as it was last read well."""
    row = await conn.fetchrow("SELECT content, etag, last_modified FROM calendars WHERE id = $1", id)
    return CalendarFile(row["content"], row["etag"], row["last_modified"]) if row else CalendarFile(None, None, None)


async def histories(
    conn: Conn, names: Collection[str], start: datetime, end: datetime
) -> dict[str, list[tuple[datetime, Calendar]]]:
    """What calendars said at each time of `[start, end)`, from when on, by name; what failed lately stands in the last."""
    rows = await conn.fetch(_IN_FORCE, list(names), start, end)
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    missing = [row["id"] for row in rows if row["id"] not in _known]
    for row in await conn.fetch(_CONTENTS, missing) if missing else ():
        _known[row["id"]] = read_content(row["name"], json.loads(row["content"]))
    troubles = {name: calendar.trouble for name, calendar in (await calendars_named(conn, names)).items()}
    contents: defaultdict[str, list[tuple[datetime, Calendar]]] = defaultdict(list)
    for row in rows:
        trouble = troubles.get(row["name"], "")
        contents[row["name"]].append((row["valid_from"], replace(_known[row["id"]], trouble=trouble)))
    return dict(contents)


async def contents_now(conn: Conn, names: Collection[str], now: datetime) -> dict[str, Calendar]:
    """What calendars say now, by name; those that were never read say nothing yet."""
    if not names:
        return {}
    contents = {name: history[-1][1] for name, history in (await histories(conn, names, now, now + _INSTANT)).items()}
    for name, stored in (await calendars_named(conn, names)).items():
        contents.setdefault(name, Calendar(name, stored.kind, trouble=stored.trouble))
    return contents


async def users_of(conn: Conn, id: UUID, now: datetime) -> list[str]:
    """Schedules whose version in force, or one to come, names the calendar."""
    return [row["name"] for row in await conn.fetch(_USERS, id, now)]


async def claim_calendar(
    conn: Conn, id: UUID, name: str, kind: CalendarKind, url: str, now: datetime, made_by: str
) -> UUID | None:
    """The row for a new calendar: a fresh one, or that of a deleted one of this name, whose history it continues.

    None where a calendar of this name exists.
    """
    claimed: UUID | None = await conn.fetchval(
        """INSERT INTO calendars (id, name, kind, url, content, created_at, made_by)
           VALUES ($1, $2, $3, nullif($4, ''), '', $5, $6)
           ON CONFLICT (name) DO UPDATE SET deleted_at = NULL, kind = $3, url = nullif($4, ''), content = '', etag = NULL,
               last_modified = NULL, tried_at = NULL, read_at = NULL, failed_since = NULL, failure = NULL, notes = '[]',
               created_at = $5, made_by = $6
           WHERE calendars.deleted_at IS NOT NULL RETURNING id""",
        id,
        name,
        str(kind),
        url,
        now,
        made_by,
    )
    return claimed


async def set_source(conn: Conn, id: UUID, title: str, url: str, *, organizers: bool) -> None:
    """Write a calendar's title, address and whether organizers count; a changed address is read anew."""
    await conn.execute(
        """UPDATE calendars SET title = $2, url = nullif($3, ''), organizers = $4,
               etag = CASE WHEN url IS NOT DISTINCT FROM nullif($3, '') THEN etag END,
               last_modified = CASE WHEN url IS NOT DISTINCT FROM nullif($3, '') THEN last_modified END
           WHERE id = $1""",
        id,
        title,
        url,
        organizers,
    )


async def set_read(conn: Conn, id: UUID, file: CalendarFile, notes: Sequence[str], now: datetime) -> None:
    """Note that the file was read well."""
    await conn.execute(
        """UPDATE calendars SET content = $2, etag = $3, last_modified = $4, notes = $5, tried_at = $6, read_at = $6,
               failed_since = NULL, failure = NULL WHERE id = $1""",
        id,
        file.text or "",
        file.etag,
        file.last_modified,
        list(notes),
        now,
    )


async def set_failed(conn: Conn, id: UUID, failure: str, now: datetime) -> None:
    """Note that it could not be read; what was read before stays."""
    await conn.execute(
        """UPDATE calendars SET failure = $2, failed_since = coalesce(failed_since, $3), tried_at = $3 WHERE id = $1""",
        id,
        failure,
        now,
    )


async def set_deleted(conn: Conn, id: UUID, now: datetime) -> None:
    """Delete a calendar; what it said of the past stays."""
    await conn.execute("UPDATE calendars SET deleted_at = $2 WHERE id = $1", id, now)


async def add_content(conn: Conn, id: UUID, calendar: Calendar, now: datetime) -> int:
    """What the calendar says from now on. Returns the number."""
    number: int = await conn.fetchval(
        """INSERT INTO calendar_versions (id, calendar_id, number, valid_from, content)
           SELECT $1, $2, coalesce(max(number), 0) + 1, greatest(max(valid_from), $3), $4
           FROM calendar_versions WHERE calendar_id = $2 RETURNING number""",
        new_id(now),
        id,
        now,
        write_content(calendar),
    )
    return number


def _stored(row: Record) -> StoredCalendar:
    kind, notes = CalendarKind(row["kind"]), tuple(json.loads(row["notes"]))
    return StoredCalendar(**{**dict(row), "kind": kind, "notes": notes})
