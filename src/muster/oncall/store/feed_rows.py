"""Rows of feeds, and how often schedules have changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.oncall.shifts.feed import Feed, FeedKind, Revision

_SELECT = """
SELECT feeds.id, owner.name AS owner, persons.name AS person, teams.name AS team, schedules.name AS schedule, hint,
       made_at, rotated_at, last_used_at, last_client, revoked_at, revoked_by
FROM feeds JOIN persons AS owner ON owner.id = owner_id LEFT JOIN persons ON persons.id = feeds.person_id
     LEFT JOIN teams ON teams.id = team_id LEFT JOIN schedules ON schedules.id = feeds.schedule_id """

_COLUMN = {FeedKind.PERSON: "person_id", FeedKind.TEAM: "team_id", FeedKind.SCHEDULE: "schedule_id"}


async def by_token(conn: Conn, token_hash: bytes) -> Feed | None:
    """The feed of that secret, unless it was revoked."""
    row = await conn.fetchrow(_SELECT + "WHERE token_hash = $1 AND revoked_at IS NULL", token_hash)
    return _feed(row) if row else None


async def feed(conn: Conn, id: UUID, *, hold: bool = False) -> Feed | None:
    """One feed, revoked or not."""
    row = await conn.fetchrow(_SELECT + f"WHERE feeds.id = $1 {'FOR UPDATE OF feeds' if hold else ''}", id)
    return _feed(row) if row else None


async def feeds(conn: Conn, *, owner_id: UUID | None = None) -> list[Feed]:
    """Feeds that work, the newest first, of one owner or of all."""
    condition = "WHERE revoked_at IS NULL AND ($1::uuid IS NULL OR owner_id = $1) ORDER BY feeds.id DESC LIMIT 1000"
    return [_feed(row) for row in await conn.fetch(_SELECT + condition, owner_id)]


async def insert(
    conn: Conn, id: UUID, owner_id: UUID, kind: FeedKind, subject_id: UUID, token_hash: bytes, hint: str, now: datetime
) -> None:
    """Write a new feed."""
    await conn.execute(
        f"INSERT INTO feeds (id, owner_id, {_COLUMN[kind]}, token_hash, hint, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        owner_id,
        subject_id,
        token_hash,
        hint,
        now,
    )


async def rotate(conn: Conn, id: UUID, token_hash: bytes, hint: str, now: datetime) -> None:
    """Exchange the secret."""
    await conn.execute(
        """UPDATE feeds SET token_hash = $2, hint = $3, rotated_at = $4, last_used_at = NULL, last_client = ''
           WHERE id = $1""",
        id,
        token_hash,
        hint,
        now,
    )


async def revoke(conn: Conn, id: UUID, by: str, now: datetime) -> None:
    """End a feed."""
    await conn.execute("UPDATE feeds SET revoked_at = $2, revoked_by = $3 WHERE id = $1", id, now, by)


async def used(conn: Conn, id: UUID, client: str, now: datetime) -> None:
    """Note who last fetched it."""
    await conn.execute("UPDATE feeds SET last_used_at = $2, last_client = $3 WHERE id = $1", id, now, client)


async def revisions(conn: Conn, names: Sequence[str], now: datetime) -> dict[str, Revision]:
    """How often each schedule was changed until now, and when last."""
    rows = await conn.fetch(
        """SELECT name, count(*) AS number, max(at) AS at
           FROM schedules JOIN (
               SELECT schedule_id, valid_from AS at FROM schedule_versions
               UNION ALL SELECT schedule_id, created_at FROM overrides
               UNION ALL SELECT schedule_id, removed_at FROM overrides WHERE removed_at IS NOT NULL
           ) AS changes ON schedule_id = schedules.id
           WHERE name = ANY($1) AND at <= $2 GROUP BY name""",
        list(names),
        now,
    )
    return {row["name"]: Revision(row["number"], row["at"]) for row in rows}


def _feed(row: Record) -> Feed:
    kind = next(kind for kind in FeedKind if row[str(kind)])
    same = ("id", "owner", "hint", "made_at", "rotated_at", "last_used_at", "last_client", "revoked_at", "revoked_by")
    return Feed(**{name: row[name] for name in same}, kind=kind, subject=row[str(kind)])
