"""The alerts of an incident, of which there may be twenty thousand: counted, locked and moved by the database, and loaded a
page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from muster.alerts.alert import Alert
from muster.alerts.store.alerts import COLUMNS, alert_of
from muster.base.unit import Conn
from muster.incidents.belongings import Firing

_FROM = "FROM incident_alerts JOIN alerts ON alerts.id = alert_id WHERE incident_id = $1"
_GRAVITY = "array_position(ARRAY['critical', 'high', 'medium', 'low'], severity_hint)"
Which = Literal["all", "active", "resolved"]
_WHICH = {"all": "true", "active": "status <> 'resolved'", "resolved": "status = 'resolved'"}


@dataclass(frozen=True, slots=True)
class Joined:
    """An alert, and since when it belongs to the incident."""

    alert: Alert
    at: datetime


async def page(
    conn: Conn,
    incident_id: UUID,
    which: Which,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
    *,
    newest: bool = False,
) -> list[Joined]:
    """Alerts in the order in which they joined, or the `newest` first, from a cursor on."""
    given = (incident_id, limit, *(after or ()))
    beyond, way = ("<", "DESC") if newest else (">", "ASC")
    since = f"AND (joined_at, alert_id) {beyond} ($3, $4)" if after else ""
    rows = await conn.fetch(
        f"""SELECT {COLUMNS}, joined_at {_FROM} AND {_WHICH[which]} {since}
            ORDER BY joined_at {way}, alert_id {way} LIMIT $2""",
        *given,
    )
    return [Joined(alert_of(row), row["joined_at"]) for row in rows]


async def gravest(conn: Conn, incident_id: UUID, limit: int) -> list[Alert]:
    """Those that fire first, the gravest of them first, then the newest."""
    rows = await conn.fetch(
        f"""SELECT {COLUMNS} {_FROM}
            ORDER BY status = 'resolved', hold <> '', {_GRAVITY} NULLS LAST, changed_at DESC, alerts.id LIMIT $2""",
        incident_id,
        limit,
    )
    return [alert_of(row) for row in rows]


async def firing(conn: Conn, incident_id: UUID, named: int) -> Firing:
    """How many still fire, and the titles of the first."""
    rows = await conn.fetch(
        f"""SELECT title, count(*) OVER () AS many {_FROM} AND status <> 'resolved'
            ORDER BY joined_at, alert_id LIMIT $2""",
        incident_id,
        named,
    )
    return Firing(rows[0]["many"] if rows else 0, tuple(row["title"] for row in rows))


async def first_labels(conn: Conn, incident_id: UUID) -> dict[str, str]:
    """The labels of the alert that joined first; none where a person reported it."""
    return dict(await conn.fetchval(f"SELECT labels {_FROM} ORDER BY joined_at, alert_id LIMIT 1", incident_id) or {})


async def still_fire(conn: Conn, incident_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these incidents have an alert that fires."""
    rows = await conn.fetch(
        """SELECT id FROM unnest($1::uuid[]) AS asked (id) WHERE EXISTS (
               SELECT FROM incident_alerts JOIN alerts ON alerts.id = alert_id
               WHERE incident_id = asked.id AND status <> 'resolved')""",
        list(incident_ids),
    )
    return {row["id"] for row in rows}


async def lock(conn: Conn, incident_id: UUID) -> None:
    """Lock them in the order in which intake does, so that neither waits for the other in a circle."""
    await conn.execute(
        """SELECT count(*) FROM (
               SELECT alerts.id FROM alerts WHERE id IN (SELECT alert_id FROM incident_alerts WHERE incident_id = $1)
               ORDER BY integration_id, key COLLATE "C" FOR UPDATE) AS locked""",
        incident_id,
    )


async def unlike(conn: Conn, incident_id: UUID, verdict: str | None, limit: int) -> list[Alert]:
    """Some of those whose verdict is another one."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} {_FROM} AND verdict IS DISTINCT FROM $2 ORDER BY alerts.id LIMIT $3",
        incident_id,
        verdict,
        limit,
    )
    return [alert_of(row) for row in rows]


async def move(conn: Conn, source: UUID, target: UUID, now: datetime) -> int:
    """Have all of one incident belong to another, too; how many the first one has."""
    await conn.execute(
        """INSERT INTO incident_alerts (incident_id, alert_id, joined_at)
           SELECT $2, alert_id, $3 FROM incident_alerts WHERE incident_id = $1 ON CONFLICT DO NOTHING""",
        source,
        target,
        now,
    )
    many: int = await conn.fetchval("SELECT count(*) FROM incident_alerts WHERE incident_id = $1", source)
    return many
