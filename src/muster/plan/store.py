"""Rows of plans and their versions. Versions never change, so each is parsed once a process."""

from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.plan.reader import stored_plan
from muster.plan.version import PlanInfo, Version, VersionEntry

_KEPT = 256
_parsed: OrderedDict[UUID, Version] = OrderedDict()
_ENTRY = "id, plan AS name, number, digest, note, published_at, published_by"
_IN_FORCE = """
SELECT v.id FROM plans p JOIN LATERAL
    (SELECT id FROM plan_versions WHERE plan = p.name ORDER BY number DESC LIMIT 1) v ON true
WHERE p.active"""


async def in_force(conn: Conn) -> Version | None:
    """The version that new incidents follow; None before anything was published."""
    id: UUID | None = await conn.fetchval(_IN_FORCE)
    return await version(conn, id) if id is not None else None


async def version(conn: Conn, id: UUID) -> Version | None:
    """The version of that id; an incident's pin leads here."""
    if id in _parsed:
        _parsed.move_to_end(id)
        return _parsed[id]
    row = await conn.fetchrow(f"SELECT {_ENTRY}, text FROM plan_versions WHERE id = $1", id)
    return _remembered(row) if row else None


async def pinned(conn: Conn, id: UUID) -> Version:
    """The version that an incident or page is pinned to.

    Raises:
        LookupError: it is not there, which the database's references rule out.
    """
    found = await version(conn, id)
    if found is None:
        raise LookupError(f"plan version {id}")
    return found


async def newest(conn: Conn, name: str) -> Version | None:
    """A plan's newest version."""
    id: UUID | None = await conn.fetchval(
        "SELECT id FROM plan_versions WHERE plan = $1 ORDER BY number DESC LIMIT 1", name
    )
    return await version(conn, id) if id is not None else None


async def numbered(conn: Conn, name: str, number: int) -> Version | None:
    """A plan's version by its number."""
    id: UUID | None = await conn.fetchval("SELECT id FROM plan_versions WHERE plan = $1 AND number = $2", name, number)
    return await version(conn, id) if id is not None else None


async def history(conn: Conn, name: str, limit: int, before: int | None = None) -> list[VersionEntry]:
    """A plan's versions, newest first, without their text."""
    rows = await conn.fetch(
        f"""SELECT {_ENTRY} FROM plan_versions WHERE plan = $1 AND ($2::integer IS NULL OR number < $2)
            ORDER BY number DESC LIMIT $3""",
        name,
        before,
        limit,
    )
    return [VersionEntry(**dict(row)) for row in rows]


async def plans(conn: Conn, limit: int = 500, after: str = "") -> list[PlanInfo]:
    """Plans by name, beginning behind `after`."""
    rows = await conn.fetch(
        """SELECT name, active, (SELECT count(*) FROM plan_versions WHERE plan = name) AS versions
           FROM plans WHERE name > $1 ORDER BY name LIMIT $2""",
        after,
        limit,
    )
    return [PlanInfo(**dict(row)) for row in rows]


async def active_name(conn: Conn) -> str | None:
    """The name of the plan in force."""
    name: str | None = await conn.fetchval("SELECT name FROM plans WHERE active")
    return name


async def hold_all(conn: Conn) -> None:
    """Let no other transaction publish or activate until this one ends; reading goes on."""
    await conn.execute("LOCK TABLE plans IN SHARE ROW EXCLUSIVE MODE")


async def ensure(conn: Conn, name: str, now: datetime) -> None:
    """Create the plan unless it is there; the first of all becomes the active one."""
    await conn.execute(
        """INSERT INTO plans (name, active, created_at) VALUES ($1, NOT EXISTS (SELECT FROM plans WHERE active), $2)
           ON CONFLICT (name) DO NOTHING""",
        name,
        now,
    )


async def activate(conn: Conn, name: str) -> None:
    """Make this plan the one in force."""
    await conn.execute("UPDATE plans SET active = false WHERE active AND name <> $1", name)
    await conn.execute("UPDATE plans SET active = true WHERE name = $1", name)


async def insert(conn: Conn, made: Version) -> None:
    """Write a new version."""
    await conn.execute(
        """INSERT INTO plan_versions (id, plan, number, text, digest, note, published_at, published_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        made.id,
        made.name,
        made.number,
        made.text,
        made.digest,
        made.note,
        made.published_at,
        made.published_by,
    )


def _remembered(row: Record) -> Version:
    version = Version(**dict(row), plan=stored_plan(row["text"]))
    _parsed[version.id] = version
    while len(_parsed) > _KEPT:
        _parsed.popitem(last=False)
    return version
