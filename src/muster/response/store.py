"""Rows of attestations, and what the engine's facts are counted from."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.response.facts import Attestation


async def attested(conn: Conn, incident_id: UUID) -> dict[str, Attestation]:
    """The attestations of an incident that stand, by the item's name."""
    rows = await conn.fetch(
        "SELECT name, by_name, at, note FROM closure_attestations WHERE incident_id = $1 AND withdrawn_at IS NULL",
        incident_id,
    )
    return {row["name"]: Attestation(row["name"], row["by_name"], row["at"], row["note"]) for row in rows}


async def attest(conn: Conn, id: UUID, incident_id: UUID, made: Attestation, person_id: UUID | None) -> None:
    """Keep an attestation of an item that none stands for."""
    await conn.execute(
        """INSERT INTO closure_attestations (id, incident_id, name, person_id, by_name, at, note)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        id,
        incident_id,
        made.name,
        person_id,
        made.by,
        made.at,
        made.note,
    )


async def withdraw(conn: Conn, incident_id: UUID, name: str | None, by: str, now: datetime) -> list[str]:
    """Take back the standing attestation of one item, or of all; returns the items' names."""
    rows = await conn.fetch(
        """UPDATE closure_attestations SET withdrawn_at = $4, withdrawn_by = $3
           WHERE incident_id = $1 AND ($2::text IS NULL OR name = $2) AND withdrawn_at IS NULL RETURNING name""",
        incident_id,
        name,
        by,
        now,
    )
    return [row["name"] for row in rows]


async def concerning(conn: Conn, person_id: UUID, limit: int) -> list[UUID]:
    """The incidents that want something of a person, gravest not considered, oldest first: those that they have a role in
    or acknowledged, that paged them and nobody has, and that nobody is being paged for any more."""
    rows = await conn.fetch(
        """SELECT id FROM incidents WHERE state <> 'closed' AND (
             acknowledged_by = $1
             OR EXISTS (SELECT FROM incident_roles r WHERE r.incident_id = incidents.id AND r.person_id = $1
                        AND r.ended_at IS NULL)
             OR state = 'triggered' AND (
               EXISTS (SELECT FROM deliveries d WHERE d.incident_id = incidents.id AND d.person_id = $1)
               OR NOT EXISTS (SELECT FROM pages p WHERE p.incident_id = incidents.id AND p.state = 'running')))
           ORDER BY opened_at LIMIT $2""",
        person_id,
        limit,
    )
    return [row["id"] for row in rows]
