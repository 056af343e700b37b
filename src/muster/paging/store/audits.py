"""What the self-audit looks for, and what it found: rows that should be driven by a job and have none that lives."""

from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn

LOOKED_AT = timedelta(days=8)
"""How old a message may be to matter: longer than any wait between two steps."""

_MOST = 1000
_LIVE = "SELECT FROM work WHERE work.kind = '{kind}' AND work.key = {id}::text AND NOT work.dead"

# Locked rows are in somebody's hands at this moment: they are looked at the next time.
_PAGES = f"""
SELECT id FROM pages WHERE state = 'running' AND NOT EXISTS ({_LIVE.format(kind="page.step", id="pages.id")})
LIMIT {_MOST} FOR UPDATE SKIP LOCKED"""

_DELIVERIES = f"""
SELECT id FROM deliveries
WHERE (state = 'pending' AND bundle_id IS NULL OR state = 'planned')
  AND created_at > $1
  AND NOT EXISTS ({_LIVE.format(kind="delivery", id="deliveries.id")})
LIMIT {_MOST} FOR UPDATE SKIP LOCKED"""

_BUNDLES = f"""
SELECT DISTINCT bundle_id, person_id FROM deliveries
WHERE state = 'pending' AND bundle_id IS NOT NULL AND created_at > $1
  AND NOT EXISTS ({_LIVE.format(kind="delivery.bundle", id="deliveries.bundle_id")})
LIMIT {_MOST}"""

_CLOCKS = f"""
SELECT id, subject, due_at FROM clocks
WHERE state = 'running' AND NOT EXISTS ({_LIVE.format(kind="clock", id="clocks.id")})
LIMIT {_MOST} FOR UPDATE SKIP LOCKED"""


async def pages_without_alarm(conn: Conn) -> list[UUID]:
    """Running pages whose next step nothing would take; locked."""
    return [row["id"] for row in await conn.fetch(_PAGES)]


async def deliveries_without_job(conn: Conn, now: datetime) -> list[UUID]:
    """Messages of the last days that are to be sent, which nothing would send; locked."""
    return [row["id"] for row in await conn.fetch(_DELIVERIES, now - LOOKED_AT)]


async def bundles_without_job(conn: Conn, now: datetime) -> list[tuple[UUID, UUID]]:
    """Gathered messages (bundle, person) that are to be sent, which nothing would send."""
    return [(row["bundle_id"], row["person_id"]) for row in await conn.fetch(_BUNDLES, now - LOOKED_AT)]


async def clocks_without_alarm(conn: Conn) -> list[tuple[UUID, str, datetime]]:
    """Running deadlines (id, subject, due at) whose end nothing would notice; locked."""
    return [(row["id"], row["subject"], row["due_at"]) for row in await conn.fetch(_CLOCKS)]


async def keep(conn: Conn, now: datetime, repaired: int) -> None:
    """Note that the audit ran."""
    await conn.execute(
        """INSERT INTO page_audits (single, at, running, repaired, repaired_at)
           SELECT true, $1::timestamptz, count(*), $2::bigint, CASE WHEN $2 > 0 THEN $1::timestamptz END
           FROM pages WHERE state = 'running'
           ON CONFLICT (single) DO UPDATE SET at = $1, running = excluded.running,
               repaired = page_audits.repaired + $2,
               repaired_at = CASE WHEN $2 > 0 THEN $1 ELSE page_audits.repaired_at END""",
        now,
        repaired,
    )


async def newest(conn: Conn) -> Record | None:
    """The newest audit: at, running, repaired (in all), repaired_at; None before the first."""
    row: Record | None = await conn.fetchrow("SELECT at, running, repaired, repaired_at FROM page_audits")
    return row
