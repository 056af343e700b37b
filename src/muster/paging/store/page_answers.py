"""Rows of answers to pages: who is coming, who is not; and whom pages have asked so far."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.paging.history import Answered, Woken
from muster.paging.page import ASKED, Page
from muster.paging.store.pages import COLUMNS, page_of

_MINE = f"""
SELECT {COLUMNS} FROM pages
WHERE incident_id = $1 AND state = 'running' AND purpose = ANY($3)
  AND EXISTS (SELECT FROM deliveries WHERE page_id = pages.id AND person_id = $2) ORDER BY id FOR UPDATE"""


async def note(conn: Conn, page_id: UUID, person_id: UUID, at: datetime, answer: str, reason: str) -> None:
    """Keep an answer; the newest counts."""
    await conn.execute(
        """INSERT INTO page_answers (page_id, person_id, at, answer, reason) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (page_id, person_id) DO UPDATE SET at = $3, answer = $4, reason = $5""",
        page_id,
        person_id,
        at,
        answer,
        reason,
    )


async def note_taken(conn: Conn, incident_ids: Sequence[UUID], person_id: UUID, at: datetime) -> None:
    """Whoever takes incidents has answered every running page that woke them for these."""
    await conn.execute(
        """INSERT INTO page_answers (page_id, person_id, at, answer)
           SELECT DISTINCT pages.id, $2::uuid, $3::timestamptz, 'coming' FROM pages JOIN deliveries ON page_id = pages.id
           WHERE pages.incident_id = ANY($1) AND pages.state = 'running' AND pages.purpose = 'incident' AND person_id = $2
           ON CONFLICT DO NOTHING""",
        list(incident_ids),
        person_id,
        at,
    )


async def of_pages(conn: Conn, page_ids: Sequence[UUID]) -> list[Answered]:
    """The answers to pages, in order."""
    rows = await conn.fetch(
        """SELECT page_id, name, at, answer, reason FROM page_answers JOIN persons ON persons.id = person_id
           WHERE page_id = ANY($1) ORDER BY at, name""",
        list(page_ids),
    )
    return [Answered(row["page_id"], row["name"], row["at"], row["answer"] == "coming", row["reason"]) for row in rows]


async def woken(conn: Conn, page_ids: Sequence[UUID]) -> list[Woken]:
    """Whom pages have woken, in the order in which they were first."""
    rows = await conn.fetch(
        """SELECT page_id, person, min(created_at) AS first_at, max(created_at) AS last_at FROM deliveries
           WHERE page_id = ANY($1) GROUP BY page_id, person ORDER BY first_at, person""",
        list(page_ids),
    )
    return [Woken(**dict(row)) for row in rows]


async def asking(conn: Conn, incident_id: UUID, person_id: UUID) -> list[Page]:
    """The running pages by which people of an incident ask this person for something, locked for a change."""
    rows = await conn.fetch(_MINE, incident_id, person_id, [str(each) for each in ASKED])
    return [page_of(row) for row in rows]


async def cancel_of(conn: Conn, page_id: UUID, person_id: UUID, reason: str, now: datetime) -> list[UUID]:
    """Cancel what a page has not sent to somebody yet; returns the deliveries."""
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'cancelled', reason = $3, ended_at = $4
           WHERE page_id = $1 AND person_id = $2 AND state IN ('planned', 'pending') RETURNING id""",
        page_id,
        person_id,
        reason,
        now,
    )
    return [row["id"] for row in rows]
