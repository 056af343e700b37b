"""Incidents as lists show them: filtered, paged, with what is counted of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.base.unit import Conn
from muster.incidents.belongings import AlertCount
from muster.incidents.incident import Incident
from muster.incidents.store.incidents import COLUMNS, incident_of

_TEXT = "lower(title || ' ' || summary || ' ' || workload || ' ' || component || ' inc-' || number)"
_MINE = """(acknowledged_by = {0} OR reporter_id = {0} OR EXISTS (SELECT FROM incident_roles
            WHERE incident_id = incidents.id AND person_id = {0} AND ended_at IS NULL))"""

_OF_ALERT = "EXISTS (SELECT FROM incident_alerts WHERE incident_id = incidents.id AND alert_id = {0})"


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents to list; empty lets everything pass. `mine` is a person's id: theirs by role, report or deed;
    `alert` is an alert that belongs to them."""

    states: Sequence[str] = ()
    severities: Sequence[str] = ()
    q: str = ""
    workload: str = ""
    mine: UUID | None = None
    alert: UUID | None = None


async def listing(
    conn: Conn, chosen: IncidentFilter, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Incident]:
    """Incidents, newest first, from a cursor on."""
    where, given = _where(chosen)
    if after:
        where.append(f"(opened_at, id) < (${len(given) + 1}, ${len(given) + 2})")
        given += after
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM incidents WHERE {' AND '.join(where)} ORDER BY opened_at DESC, id DESC LIMIT {limit:d}",
        *given,
    )
    return [incident_of(row) for row in rows]


async def counts(conn: Conn, chosen: IncidentFilter) -> dict[str, int]:
    """How many incidents of each state fit; a state without one is left out."""
    where, given = _where(chosen)
    rows = await conn.fetch(
        f"SELECT state, count(*) AS many FROM incidents WHERE {' AND '.join(where)} GROUP BY state", *given
    )
    return {row["state"]: row["many"] for row in rows}


async def by_ids(conn: Conn, incident_ids: Sequence[UUID]) -> list[Incident]:
    """Incidents by id, in the order of their numbers."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM incidents WHERE id = ANY($1) ORDER BY number", list(incident_ids))
    return [incident_of(row) for row in rows]


async def alert_counts(conn: Conn, incident_ids: Sequence[UUID]) -> dict[UUID, AlertCount]:
    """How many alerts each incident has; one without any is left out."""
    rows = await conn.fetch(
        """SELECT incident_id, count(*) AS many, count(*) FILTER (WHERE status <> 'resolved') AS firing
           FROM incident_alerts JOIN alerts ON alerts.id = alert_id WHERE incident_id = ANY($1) GROUP BY incident_id""",
        list(incident_ids),
    )
    return {row["incident_id"]: AlertCount(row["many"], row["firing"]) for row in rows}


async def refs(conn: Conn, incident_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What people call incidents."""
    rows = await conn.fetch("SELECT id, number FROM incidents WHERE id = ANY($1)", list(incident_ids))
    return {row["id"]: f"INC-{row['number']}" for row in rows}


async def absorbed(conn: Conn, incident_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What was merged into each incident; one that took none in is left out."""
    rows = await conn.fetch(
        """SELECT merged_into, array_agg(number ORDER BY number) AS numbers FROM incidents
           WHERE merged_into = ANY($1) GROUP BY merged_into""",
        list(incident_ids),
    )
    return {row["merged_into"]: [f"INC-{number}" for number in row["numbers"]] for row in rows}


def _where(chosen: IncidentFilter) -> tuple[list[str], list[Any]]:
    wanted: list[tuple[str, Any]] = [
        ("state = ANY({0}::text[])", list(chosen.states)),
        ("severity = ANY({0}::text[])", list(chosen.severities)),
        (f"position(lower({{0}}) IN {_TEXT}) > 0", chosen.q.strip()),
        ("workload = {0}", chosen.workload),
        (_MINE, chosen.mine),
        (_OF_ALERT, chosen.alert),
    ]
    given = [(condition, value) for condition, value in wanted if value]
    where = [condition.format(f"${number}") for number, (condition, _) in enumerate(given, 1)]
    return where or ["true"], [value for _, value in given]
