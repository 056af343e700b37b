"""Rows of persons."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.access import Level
from muster.base.db.locks import Lock, hold
from muster.base.unit import Conn
from muster.people.person import Person

COLUMNS = """persons.id, persons.name, full_name, email, time_zone, level, active, password_hash IS NOT NULL AS has_password,
persons.created_at, deactivated_at, erased_at IS NOT NULL AS erased"""
_SELECT = f"SELECT {COLUMNS} FROM persons "


async def person(conn: Conn, id: UUID) -> Person | None:
    """The person of that id."""
    return _perhaps(await conn.fetchrow(_SELECT + "WHERE id = $1", id))


async def person_named(conn: Conn, name: str, *, hold: bool = False) -> Person | None:
    """The person of that name; `hold` keeps others from changing them until the transaction ends."""
    return _perhaps(await conn.fetchrow(_SELECT + f"WHERE name = $1 {'FOR UPDATE' if hold else ''}", name))


async def person_at(conn: Conn, email: str) -> Person | None:
    """The person of that e-mail address, upper or lower case."""
    return _perhaps(await conn.fetchrow(_SELECT + "WHERE lower(email) = lower($1)", email))


async def persons_named(conn: Conn, names: Iterable[str]) -> dict[str, Person]:
    """Those of the names that exist, inactive ones included."""
    rows = await conn.fetch(_SELECT + "WHERE name = ANY($1)", list(names))
    return {row["name"]: as_person(row) for row in rows}


async def persons_by_id(conn: Conn, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of the ids that exist, inactive ones included."""
    rows = await conn.fetch(_SELECT + "WHERE id = ANY($1)", list(ids))
    return {row["id"]: as_person(row) for row in rows}


async def persons(
    conn: Conn, *, search: str = "", emails: bool = False, inactive: bool = False, after: str = "", limit: int = 500
) -> list[Person]:
    """Persons by name, beginning behind the name `after`; `search` is a part of name or full name, with `emails` also of the
    e-mail address."""
    rows = await conn.fetch(
        _SELECT
        + """WHERE name > $1 AND (active OR $2)
        AND ($3 = '' OR position(lower($3) IN lower(name || ' ' || full_name || CASE WHEN $5 THEN ' ' || email ELSE '' END)) > 0)
        ORDER BY name LIMIT $4""",
        after,
        inactive,
        search,
        limit,
        emails,
    )
    return [as_person(row) for row in rows]


async def every_administrator(conn: Conn) -> list[Person]:
    """The administrators who are here, by name."""
    rows = await conn.fetch(_SELECT + "WHERE level = $1 AND active ORDER BY name", Level.ADMINISTRATOR.label)
    return [as_person(row) for row in rows]


async def insert(
    conn: Conn, id: UUID, *, name: str, full_name: str, email: str, time_zone: str, level: Level, now: datetime
) -> None:
    """Write a new, active person."""
    await conn.execute(
        """INSERT INTO persons (id, name, full_name, email, time_zone, level, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        id,
        name,
        full_name,
        email,
        time_zone,
        level.label,
        now,
    )


async def update(conn: Conn, id: UUID, *, full_name: str, email: str, time_zone: str, level: Level) -> None:
    """Change what may change of a person; the name never does, others refer to it."""
    await conn.execute(
        "UPDATE persons SET full_name = $2, email = $3, time_zone = $4, level = $5 WHERE id = $1",
        id,
        full_name,
        email,
        time_zone,
        level.label,
    )


async def set_active(conn: Conn, id: UUID, deactivated_at: datetime | None) -> None:
    """Mark a person as gone since then, or as back; who leaves loses the password."""
    await conn.execute(
        """UPDATE persons SET deactivated_at = $2, active = $2::timestamptz IS NULL,
                  password_hash = CASE WHEN $2::timestamptz IS NULL THEN password_hash END WHERE id = $1""",
        id,
        deactivated_at,
    )


async def erase(conn: Conn, id: UUID, pseudonym: str, now: datetime) -> None:
    """Leave nothing of a person but a pseudonym."""
    await conn.execute(
        """UPDATE persons SET name = $2, full_name = $2, email = $2 || '@erased.invalid', time_zone = 'UTC', level = 'viewer',
                  password_hash = NULL, erased_at = $3 WHERE id = $1""",
        id,
        pseudonym,
        now,
    )


async def password_hash(conn: Conn, id: UUID) -> str | None:
    """The stored hash of a person's password."""
    found: str | None = await conn.fetchval("SELECT password_hash FROM persons WHERE id = $1", id)
    return found


async def set_password_hash(conn: Conn, id: UUID, value: str) -> None:
    """Store the hash of a person's new password."""
    await conn.execute("UPDATE persons SET password_hash = $2 WHERE id = $1", id, value)


async def hold_administrators(conn: Conn) -> Collection[UUID]:
    """The same as `administrators`; whoever else wants to remove one waits until the transaction ends."""
    await hold(conn, Lock.ADMINISTRATORS)
    return await administrators(conn)


async def administrators(conn: Conn) -> Collection[UUID]:
    """The active administrators who can sign in."""
    rows = await conn.fetch(
        "SELECT id FROM persons WHERE level = 'administrator' AND active AND password_hash IS NOT NULL"
    )
    return {row["id"] for row in rows}


def as_person(row: Record) -> Person:
    """A row of `COLUMNS` as a person."""
    return Person(
        id=row["id"],
        name=row["name"],
        full_name=row["full_name"],
        email=row["email"],
        time_zone=row["time_zone"],
        level=Level[row["level"].upper()],
        active=row["active"],
        has_password=row["has_password"],
        created_at=row["created_at"],
        deactivated_at=row["deactivated_at"],
        erased=row["erased"],
    )


def _perhaps(row: Record | None) -> Person | None:
    return as_person(row) if row else None
