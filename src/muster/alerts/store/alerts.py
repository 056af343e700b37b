"""Rows of alerts and their transitions: locked in key order, written in one statement a batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.signal import NamedBy
from muster.base.db.bulk import Columns, Table
from muster.base.unit import Conn
from muster.kit.link import Link

_ALERTS = Table(
    "alerts", id="uuid", integration_id="uuid", key="text", status="text", title="text", description="text",
    labels="jsonb", annotations="jsonb", severity_hint="text", links="jsonb", next_step="text", group_hint="text",
    starts_at="timestamptz", ends_at="timestamptz", first_seen_at="timestamptz", last_seen_at="timestamptz",
    changed_at="timestamptz", resolved_at="timestamptz", episode="integer", signal_count="bigint", hold="text",
    hold_reason="text", hold_ref="uuid", verdict="text", signal_id="uuid",
)  # fmt: skip
COLUMNS = _ALERTS.text
_TRANSITIONS = Table(
    "alert_transitions", alert_id="uuid", at="timestamptz", status="text", reason="text", signal_id="uuid"
)
_KEYS = Columns(integration_id="uuid", key="text")
_RESENT = Columns(id="uuid", at="timestamptz", ends="timestamptz", count="bigint")


async def lock_keys(conn: Conn, keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Alert]:
    """The alerts of these (integration, key) pairs, locked in one order by everybody, so that batches never deadlock."""
    rows = await conn.fetch(
        f"""SELECT {COLUMNS} FROM alerts WHERE (integration_id, key) IN (SELECT * FROM {_KEYS.unnest("asked")})
            ORDER BY integration_id, key COLLATE "C" FOR UPDATE""",
        *_KEYS.arrays(keys),
    )
    return {(row["integration_id"], row["key"]): alert_of(row) for row in rows}


async def lock_ids(conn: Conn, ids: Sequence[UUID]) -> list[Alert]:
    """Alerts by id, locked in the same order as `lock_keys` does."""
    rows = await conn.fetch(
        f'SELECT {COLUMNS} FROM alerts WHERE id = ANY($1) ORDER BY integration_id, key COLLATE "C" FOR UPDATE',
        list(ids),
    )
    return [alert_of(row) for row in rows]


async def insert(conn: Conn, alerts: Sequence[Alert]) -> set[UUID]:
    """Add alerts in key order; returns the ids of those that were new (another node may have been first)."""
    ordered = sorted(alerts, key=lambda alert: (alert.integration_id.bytes, alert.key))
    new = await _ALERTS.insert(conn, ordered, on_conflict="(integration_id, key) DO NOTHING", returning="id")
    return {row["id"] for row in new}


async def update(conn: Conn, alerts: Sequence[Alert]) -> None:
    """Write locked alerts back."""
    await _ALERTS.update(conn, alerts, keep=("integration_id", "key", "first_seen_at"))


async def add_transitions(conn: Conn, changes: Sequence[tuple[UUID, datetime, str, str, UUID | None]]) -> None:
    """Note changes of status: (alert, when, what, reason, signal)."""
    await _TRANSITIONS.insert(conn, changes)


async def beginnings(conn: Conn, alert_ids: Sequence[UUID], since: datetime) -> dict[UUID, list[datetime]]:
    """When each alert began since an instant, for damping."""
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for row in await conn.fetch(
        "SELECT alert_id, at FROM alert_transitions WHERE alert_id = ANY($1) AND at > $2 AND status IN ('opened', 'held')",
        list(alert_ids),
        since,
    ):
        found[row["alert_id"]].append(row["at"])
    return found


async def transitions(conn: Conn, alert_id: UUID, limit: int = 100) -> list[Record]:
    """The newest changes of an alert, newest first."""
    rows: list[Record] = await conn.fetch(
        "SELECT at, status, reason, signal_id FROM alert_transitions WHERE alert_id = $1 ORDER BY at DESC LIMIT $2",
        alert_id,
        limit,
    )
    return rows


async def touch(conn: Conn, seen: Sequence[tuple[UUID, datetime, datetime | None, int]]) -> set[UUID]:
    """Note re-sends (alert, last seen, ends at, how many); returns the alerts that are no longer active."""
    rows = await conn.fetch(
        f"""WITH sent AS (
             SELECT * FROM {_RESENT.unnest("resent")}
           ), held AS (
             SELECT a.id FROM alerts a JOIN sent ON sent.id = a.id WHERE a.status <> 'resolved'
             ORDER BY a.integration_id, a.key COLLATE "C" FOR UPDATE OF a
           )
           UPDATE alerts SET last_seen_at = greatest(last_seen_at, sent.at),
                  ends_at = coalesce(greatest(alerts.ends_at, sent.ends), sent.ends),
                  signal_count = signal_count + sent.count
           FROM sent JOIN held ON held.id = sent.id WHERE alerts.id = sent.id RETURNING alerts.id""",
        *_RESENT.arrays(seen),
    )
    return {row[0] for row in seen} - {row["id"] for row in rows}


async def ended_at(conn: Conn, ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When alerts that are over ended."""
    rows = await conn.fetch(
        "SELECT id, coalesce(resolved_at, changed_at) AS at FROM alerts WHERE id = ANY($1) AND status = 'resolved'",
        list(ids),
    )
    return {row["id"]: row["at"] for row in rows}


async def overdue(conn: Conn, before: datetime, limit: int) -> list[UUID]:
    """Active alerts whose promised end passed before an instant."""
    rows = await conn.fetch(
        "SELECT id FROM alerts WHERE status <> 'resolved' AND ends_at < $1 ORDER BY ends_at LIMIT $2", before, limit
    )
    return [row["id"] for row in rows]


async def held_by(conn: Conn, ref: UUID) -> list[UUID]:
    """Alerts that a silence or maintenance window holds back."""
    rows = await conn.fetch("SELECT id FROM alerts WHERE hold <> '' AND hold_ref = $1", ref)
    return [row["id"] for row in rows]


async def free(
    conn: Conn, labels: Mapping[str, str], integration_id: UUID | None
) -> list[tuple[UUID, UUID, dict[str, str]]]:
    """What fires and nothing holds back, with at least these labels: (alert, integration, labels)."""
    rows = await conn.fetch(
        """SELECT id, integration_id, labels FROM alerts WHERE status = 'firing' AND hold = '' AND labels @> $1
           AND ($2::uuid IS NULL OR integration_id = $2)""",
        dict(labels),
        integration_id,
    )
    return [(row["id"], row["integration_id"], row["labels"]) for row in rows]


async def count_active(conn: Conn, integration_id: UUID) -> int:
    """How many alerts of an integration are not over; tests do not count."""
    count: int = await conn.fetchval(
        "SELECT count(*) FROM alerts WHERE integration_id = $1 AND status <> 'resolved' AND hold <> 'test'",
        integration_id,
    )
    return count


async def by_id(conn: Conn, alert_id: UUID) -> Alert | None:
    """One alert."""
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM alerts WHERE id = $1", alert_id)
    return alert_of(row) if row else None


async def named(conn: Conn, integration_id: UUID, named_by: NamedBy, name: str) -> Alert | None:
    """The alert of an integration that is named by its key, by its id, or by the number made of its id."""
    where, value = "key = $2", name
    if named_by == "id":
        where, value = "id = $2::text::uuid", name
        try:
            UUID(name)
        except ValueError:
            return None
    elif named_by == "tiny":
        where = "('x' || right(id::text, 8))::bit(32)::bigint::text = $2"
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM alerts WHERE integration_id = $1 AND {where} LIMIT 2", integration_id, value
    )
    return alert_of(rows[0]) if len(rows) == 1 else None


async def by_ids(conn: Conn, ids: Sequence[UUID]) -> list[Alert]:
    """Several alerts, newest change first."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM alerts WHERE id = ANY($1) ORDER BY changed_at DESC", list(ids))
    return [alert_of(row) for row in rows]


async def set_verdict(conn: Conn, ids: Sequence[UUID], verdict: str | None, at: datetime) -> None:
    """Note whether alerts, as they began the last time, were real ("real", "false"); None takes the word back."""
    await conn.execute("UPDATE alerts SET verdict = $2 WHERE id = ANY($1)", list(ids), verdict)
    if verdict is None:
        await conn.execute(
            """DELETE FROM alert_verdicts USING alerts
               WHERE alert_id = alerts.id AND alert_verdicts.episode = alerts.episode AND alert_id = ANY($1)""",
            list(ids),
        )
        return
    await conn.execute(
        """INSERT INTO alert_verdicts (alert_id, episode, verdict, at)
           SELECT id, episode, $2, $3 FROM alerts WHERE id = ANY($1)
           ON CONFLICT (alert_id, episode) DO UPDATE SET verdict = $2, at = $3""",
        list(ids),
        verdict,
        at,
    )


def alert_of(row: Record) -> Alert:
    """An alert from a row with `COLUMNS`."""
    values: dict[str, Any] = {name: row[name] for name in _ALERTS.names}
    values["status"], values["hold"] = AlertStatus(values["status"]), Hold(values["hold"])
    values["links"] = tuple(Link(**link) for link in values["links"])
    return Alert(**values)
