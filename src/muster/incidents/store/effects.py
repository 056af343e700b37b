"""Rows of effects: which of them were carried out, so that none is carried out twice."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn


async def claim(conn: Conn, incident_id: UUID, kind: str, identity: str, now: datetime) -> bool:
    """Note that an effect is carried out; false where it was before."""
    status = await conn.execute(
        "INSERT INTO incident_effects (incident_id, kind, identity, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        incident_id,
        kind,
        identity,
        now,
    )
    return str(status) == "INSERT 0 1"
