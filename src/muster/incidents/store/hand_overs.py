"""Rows of hand-overs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.incidents.hand_over import HandOver, HandOverState

_SELECT = """
SELECT hand_overs.id, incident_id, role, giver.name AS from_person, taker.name AS to_person, asked_by, note, page_id,
       asked_at, due_at, state, ended_at, ended_reason
FROM hand_overs JOIN persons AS taker ON taker.id = to_person_id LEFT JOIN persons AS giver ON giver.id = from_person_id """


async def insert(conn: Conn, asked: HandOver, from_person_id: UUID | None, to_person_id: UUID) -> None:
    """Write one that is asked for."""
    await conn.execute(
        """INSERT INTO hand_overs (id, incident_id, role, from_person_id, to_person_id, asked_by, note, page_id, asked_at,
                                   due_at, state)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'asked')""",
        asked.id,
        asked.incident_id,
        asked.role,
        from_person_id,
        to_person_id,
        asked.asked_by,
        asked.note,
        asked.page_id,
        asked.asked_at,
        asked.due_at,
    )


async def of_incident(conn: Conn, incident_id: UUID) -> list[HandOver]:
    """All of an incident, oldest first."""
    return [_of(row) for row in await conn.fetch(f"{_SELECT} WHERE incident_id = $1 ORDER BY asked_at", incident_id)]


async def of_page(conn: Conn, page_id: UUID) -> HandOver | None:
    """The one that a page asks for."""
    row = await conn.fetchrow(f"{_SELECT} WHERE page_id = $1", page_id)
    return _of(row) if row else None


async def end(conn: Conn, id: UUID, state: HandOverState, reason: str, now: datetime) -> bool:
    """End one that is still asked for; false where it was ended already."""
    done = await conn.execute(
        "UPDATE hand_overs SET state = $2, ended_reason = $3, ended_at = $4 WHERE id = $1 AND state = 'asked'",
        id,
        str(state),
        reason,
        now,
    )
    return bool(done == "UPDATE 1")


async def end_all(conn: Conn, incident_ids: Sequence[UUID], reason: str, now: datetime) -> None:
    """End what is asked for in incidents that are over."""
    await conn.execute(
        """UPDATE hand_overs SET state = 'withdrawn', ended_reason = $2, ended_at = $3
           WHERE incident_id = ANY($1) AND state = 'asked'""",
        list(incident_ids),
        reason,
        now,
    )


def _of(row: Record) -> HandOver:
    values: dict[str, Any] = {**dict(row), "state": HandOverState(row["state"])}
    return HandOver(**values)
