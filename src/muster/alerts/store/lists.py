"""Lists of alerts: what an index can answer is answered by one, and a hundred thousand of them stay quick."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.alerts.alert import Alert
from muster.alerts.listing import AlertFilter, narrowing
from muster.alerts.matchers import matches_all
from muster.alerts.store.alerts import COLUMNS, alert_of
from muster.base.unit import Conn

MOST_SCANNED = 20_000
BATCH = 5000
FEW = 2000
Cursor = tuple[datetime, UUID]


async def newest(
    conn: Conn, chosen: AlertFilter, limit: int, after: Cursor | None = None
) -> tuple[list[Alert], Cursor | None]:
    """At most `limit` alerts, newest change first, and where to go on (None: that was all).

    A regular expression that few alerts match ends a page early, so that no request looks at more than `MOST_SCANNED`.
    """
    few = await _are_few(conn, chosen)
    if not chosen.rest:
        alerts = [alert_of(row) for row in await _fetch(conn, chosen, COLUMNS, limit + 1, after, few)]
        return alerts[:limit], _cursor(alerts[limit - 1]) if len(alerts) > limit else None
    ids: list[UUID] = []
    scanned, size = 0, max(limit + 1, 200)
    while True:
        rows = await _fetch(conn, chosen, "id, changed_at, labels", size, after, few)
        for row in rows:
            after, scanned = (row["changed_at"], row["id"]), scanned + 1
            if matches_all(chosen.rest, row["labels"]):
                ids.append(row["id"])
                if len(ids) == limit:
                    return await _by_ids(conn, ids), after
        if len(rows) < size or scanned >= MOST_SCANNED:
            return await _by_ids(conn, ids), after if len(rows) == size else None
        size = BATCH


async def count(conn: Conn, chosen: AlertFilter, most: int) -> int:
    """How many there are, counting no further than `most`; what the database cannot decide is not looked at."""
    where, values = _where(chosen)
    found: int = await conn.fetchval(
        f"SELECT count(*) FROM (SELECT FROM alerts WHERE {where} LIMIT ${len(values) + 1}) AS counted", *values, most
    )
    return found


async def groups(conn: Conn, chosen: AlertFilter, label: str, limit: int) -> list[Record]:
    """The values of a label among the alerts, the commonest first: value, count, held, newest.

    Only for a filter that the database decides alone.
    """
    where, values = _where(chosen)
    number = len(values)
    rows: list[Record] = await conn.fetch(
        f"""SELECT coalesce(labels ->> ${number + 1}, '') AS value, count(*) AS count,
                   count(*) FILTER (WHERE hold <> '') AS held, max(changed_at) AS newest
            FROM alerts WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${number + 2}""",
        *values,
        label,
        limit,
    )
    return rows


async def _fetch(
    conn: Conn, chosen: AlertFilter, columns: str, limit: int, after: Cursor | None, few: bool
) -> list[Record]:
    where, values = _where(chosen, after)
    source, table = "", "alerts"
    if few:
        values.append(chosen.equal)
        source = f"WITH named AS MATERIALIZED (SELECT * FROM alerts WHERE labels @> ${len(values)}) "
        table = "named"
    rows: list[Record] = await conn.fetch(
        f"{source}SELECT {columns} FROM {table} WHERE {where} ORDER BY changed_at DESC, id DESC LIMIT ${len(values) + 1}",
        *values,
        limit,
    )
    return rows


async def _are_few(conn: Conn, chosen: AlertFilter) -> bool:
    """Whether few alerts have these labels: then sorting those is quick, and looking through the newest for them is not.

    The planner cannot tell, since it does not know how often a label has a value.
    """
    if not chosen.equal:
        return False
    found: int = await conn.fetchval(
        "SELECT count(*) FROM (SELECT FROM alerts WHERE labels @> $1 LIMIT $2) AS counted", chosen.equal, FEW
    )
    return found < FEW


async def _by_ids(conn: Conn, ids: list[UUID]) -> list[Alert]:
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM alerts WHERE id = ANY($1) ORDER BY changed_at DESC, id DESC", ids
    )  # fmt: skip
    return [alert_of(row) for row in rows]


def _where(chosen: AlertFilter, after: Cursor | None = None) -> tuple[str, list[Any]]:
    """The condition, without whatever this filter leaves open: the planner then sees which index answers it."""
    parts: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        numbers = [f"${len(values) + place}" for place in range(1, len(given) + 1)]
        parts.append(condition.format(*numbers))
        values.extend(given)

    _add_state(chosen, add)
    if chosen.integration_id is not None:
        add("integration_id = {}", chosen.integration_id)
    if chosen.ids is not None:
        add("id = ANY({})", list(chosen.ids))
    if chosen.severity:
        add("severity_hint = {}", chosen.severity)
    if chosen.equal:
        add("labels @> {}", chosen.equal)
    for name, operator, value in ((matcher.name, *bound) for matcher in chosen.rest if (bound := narrowing(matcher))):
        add(f"coalesce(labels ->> {{}}, '') {operator} {{}}", name, value)
    if chosen.text:
        pattern = "%" + chosen.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        add("(title ILIKE {0} OR labels::text ILIKE {0})", pattern)
    if after is not None:
        add("(changed_at, id) < ({}, {}::uuid)", *after)
    return " AND ".join(parts) or "true", values


def _add_state(chosen: AlertFilter, add: Callable[..., None]) -> None:
    if chosen.status == "active":
        add("status <> 'resolved'")
    elif chosen.status == "resolved":
        add("status = 'resolved'")
    elif chosen.status != "all":
        # Said twice, so that the planner sees that the index of active alerts holds them all.
        add("status <> 'resolved' AND status = {}", chosen.status)
    if chosen.held == "any":
        add("hold <> ''")
    elif chosen.held == "none":
        add("hold = ''")
    elif chosen.held:
        add("hold <> '' AND hold = {}", chosen.held)


def _cursor(alert: Alert) -> Cursor:
    return alert.changed_at, alert.id
