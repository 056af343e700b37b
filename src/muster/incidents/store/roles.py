"""Rows of roles in incidents."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.incidents.belongings import Holding

_SELECT = """
SELECT incident_id, role, person_id, persons.name AS person, assigned_at, ended_at
FROM incident_roles JOIN persons ON persons.id = person_id """


async def held(conn: Conn, incident_ids: Sequence[UUID]) -> dict[UUID, list[Holding]]:
    """Who holds which role of each incident now."""
    rows = await conn.fetch(
        _SELECT + "WHERE incident_id = ANY($1) AND ended_at IS NULL ORDER BY assigned_at, role", list(incident_ids)
    )
    found: defaultdict[UUID, list[Holding]] = defaultdict(list)
    for row in rows:
        found[row["incident_id"]].append(_holding(row))
    return found


async def history(conn: Conn, incident_id: UUID) -> list[Holding]:
    """Everybody who ever held a role of an incident, in order."""
    rows = await conn.fetch(_SELECT + "WHERE incident_id = $1 ORDER BY assigned_at, role", incident_id)
    return [_holding(row) for row in rows]


async def of_person(conn: Conn, person_id: UUID) -> list[Record]:
    """The roles that a person holds in incidents that are not closed: incident_id, number, state, role."""
    rows: list[Record] = await conn.fetch(
        """SELECT incident_id, number, state, role FROM incident_roles JOIN incidents ON incidents.id = incident_id
           WHERE person_id = $1 AND ended_at IS NULL AND state <> 'closed' ORDER BY number, role""",
        person_id,
    )
    return rows


async def assign(conn: Conn, id: UUID, incident_id: UUID, role: str, person_id: UUID, now: datetime) -> None:
    """Give a role that nobody holds."""
    await conn.execute(
        "INSERT INTO incident_roles (id, incident_id, role, person_id, assigned_at) VALUES ($1, $2, $3, $4, $5)",
        id,
        incident_id,
        role,
        person_id,
        now,
    )


async def end(conn: Conn, incident_id: UUID, role: str, now: datetime) -> None:
    """End whoever's time in a role."""
    await conn.execute(
        "UPDATE incident_roles SET ended_at = $3 WHERE incident_id = $1 AND role = $2 AND ended_at IS NULL",
        incident_id,
        role,
        now,
    )


def _holding(row: Record) -> Holding:
    return Holding(row["role"], row["person_id"], row["person"], row["assigned_at"], row["ended_at"])
