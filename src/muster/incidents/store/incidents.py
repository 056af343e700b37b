"""Rows of incidents: one each by reference, and batches for alerts that begin and end."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Columns, Table
from muster.base.db.locks import Lock, hold
from muster.base.unit import Conn
from muster.incidents.incident import OPEN, Incident, State

COLUMNS = ", ".join(field.name for field in fields(Incident))
_OPEN = "('triggered', 'acknowledged', 'mitigated')"
assert {str(state) for state in OPEN} == {"triggered", "acknowledged", "mitigated"}

_NEW = Table(
    "incidents", id="uuid", title="text", summary="text", state="text", severity="text", severity_reason="text",
    category="text", plan_version_id="uuid", policies="text[]", group_key="text", joins_until="timestamptz",
    workload="text", component="text", source="text", opened_at="timestamptz", changed_at="timestamptz",
)  # fmt: skip
_ALERTS = Table("incident_alerts", incident_id="uuid", alert_id="uuid", joined_at="timestamptz")
_SEVERITIES = Table(
    "incident_severities", incident_id="uuid", at="timestamptz", severity="text", reason="text", by_name="text"
)
_PROLONGED = Columns(id="uuid", until="timestamptz")


async def lock_openings(conn: Conn) -> None:
    """Let one transaction at a time decide whether a group has an open incident."""
    await hold(conn, Lock.OPENINGS)


async def open_by_alert(conn: Conn, alert_ids: Sequence[UUID], *, resolved: bool = False) -> dict[UUID, list[Incident]]:
    """The open incidents that alerts belong to; with `resolved` also those that only wait to be closed."""
    states = f"{_OPEN[:-1]}, 'resolved')" if resolved else _OPEN
    rows = await conn.fetch(
        f"""SELECT alert_id, {COLUMNS} FROM incident_alerts JOIN incidents ON incidents.id = incident_id
            WHERE alert_id = ANY($1) AND state IN {states} ORDER BY opened_at DESC""",
        list(alert_ids),
    )
    found: dict[UUID, list[Incident]] = {}
    for row in rows:
        found.setdefault(row["alert_id"], []).append(incident_of(row))
    return found


async def open_by_group(conn: Conn, keys: Sequence[str], now: datetime) -> dict[str, Incident]:
    """The newest open incident of each group that still takes alerts in."""
    rows = await conn.fetch(
        f"""SELECT DISTINCT ON (group_key) {COLUMNS} FROM incidents
            WHERE group_key = ANY($1) AND state IN {_OPEN} AND joins_until > $2 ORDER BY group_key, opened_at DESC""",
        list(keys),
        now,
    )
    return {row["group_key"]: incident_of(row) for row in rows}


async def open_of_integration(conn: Conn, integration_id: UUID) -> list[str]:
    """The references of open incidents that have alerts of an integration."""
    rows = await conn.fetch(
        f"""SELECT number FROM incidents WHERE state IN {_OPEN} AND EXISTS (
                SELECT FROM incident_alerts JOIN alerts ON alerts.id = alert_id
                WHERE incident_id = incidents.id AND integration_id = $1) ORDER BY number""",
        integration_id,
    )
    return [f"INC-{row['number']}" for row in rows]


async def open_of_workload(conn: Conn, name: str) -> list[str]:
    """The references of open incidents that are about a workload."""
    rows = await conn.fetch(
        f"SELECT number FROM incidents WHERE state IN {_OPEN} AND workload = $1 ORDER BY number", name
    )
    return [f"INC-{row['number']}" for row in rows]


async def insert(conn: Conn, plan_version_id: UUID, now: datetime, rows: Sequence[dict[str, Any]]) -> list[Incident]:
    """Open incidents; each row has the other columns of `_NEW`. They come back in the order given."""
    incidents = await _NEW.insert(
        conn,
        rows,
        returning=COLUMNS,
        state=State.TRIGGERED,
        plan_version_id=plan_version_id,
        opened_at=now,
        changed_at=now,
    )
    by_id = {row["id"]: incident_of(row) for row in incidents}
    return [by_id[row["id"]] for row in rows]


async def join(conn: Conn, pairs: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    """Note that alerts belong to incidents: (incident, alert)."""
    await _ALERTS.insert(conn, pairs, on_conflict="DO NOTHING", joined_at=now)


async def prolong(conn: Conn, until: Sequence[tuple[UUID, datetime]], now: datetime) -> None:
    """An alert joined: the group takes more in until a window later."""
    await conn.execute(
        f"""UPDATE incidents SET joins_until = greatest(joins_until, new.until), changed_at = $1
            FROM {_PROLONGED.unnest("new", first=2)} WHERE incidents.id = new.id""",
        now,
        *_PROLONGED.arrays(until),
    )


async def find(conn: Conn, ref: int | UUID, *, lock: bool = False) -> Incident | None:
    """One incident by number or id, locked for a change where asked."""
    where = "number = $1" if isinstance(ref, int) else "id = $1"
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM incidents WHERE {where} {'FOR UPDATE' if lock else ''}", ref)
    return incident_of(row) if row else None


async def lock_many(conn: Conn, ids: Sequence[UUID]) -> list[Incident]:
    """Incidents by id, locked in one order."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM incidents WHERE id = ANY($1) ORDER BY id FOR UPDATE", list(ids))
    return [incident_of(row) for row in rows]


async def lock_if_free(conn: Conn, incident_id: UUID) -> Incident | None:
    """An incident locked for a change, or None while another transaction is changing it."""
    row = await conn.fetchrow(
        f"SELECT {COLUMNS} FROM incidents WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED", incident_id
    )
    return incident_of(row) if row else None


async def claim_fired_again(conn: Conn, incident_id: UUID, now: datetime, since: datetime) -> bool:
    """Whether an alert that fires again in it may lead to something now: nothing of the kind has happened after `since`."""
    done = await conn.execute(
        "UPDATE incidents SET fired_again_at = $2 WHERE id = $1 AND (fired_again_at IS NULL OR fired_again_at <= $3)",
        incident_id,
        now,
        since,
    )
    return bool(done == "UPDATE 1")


async def update(conn: Conn, incident_id: UUID, now: datetime, **changes: Any) -> Incident:
    """Set columns of a locked incident; returns it as it is now."""
    (after,) = await update_many(conn, [incident_id], now, **changes)
    return after


async def update_many(conn: Conn, ids: Sequence[UUID], now: datetime, **changes: Any) -> list[Incident]:
    """Set the same columns of locked incidents; returns them as they are now, in the order given."""
    changes["changed_at"] = now
    sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(changes, start=2))
    rows = await conn.fetch(
        f"UPDATE incidents SET {sets} WHERE id = ANY($1) RETURNING {COLUMNS}", list(ids), *changes.values()
    )
    after = {row["id"]: incident_of(row) for row in rows}
    return [after[each] for each in ids]


async def add_severities(conn: Conn, changes: Sequence[tuple[UUID, datetime, str, str, str]]) -> None:
    """Keep severity history: (incident, when, severity, reason, by)."""
    await _SEVERITIES.insert(conn, changes)


def incident_of(row: Record) -> Incident:
    """An incident from a row with `COLUMNS`."""
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Incident)}
    values["state"], values["policies"] = State(values["state"]), tuple(values["policies"])
    return Incident(**values)
