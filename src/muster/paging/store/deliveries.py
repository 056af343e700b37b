"""Rows of deliveries and their attempts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Columns, Table
from muster.base.unit import Conn
from muster.paging.channel import MessageKind, SendOutcome
from muster.paging.delivery import Delivery, DeliveryState, Hold
from muster.paging.health import Used
from muster.paging.history import Attempt

COLUMNS = ", ".join(column.name for column in fields(Delivery))
NEW = Table(
    "deliveries", id="uuid", page_id="uuid", incident_id="uuid", step="integer", kind="text", person_id="uuid",
    person="text", contact_id="uuid", channel="text", address="text", why="text", state="text", attempts="integer",
    reason="text", provider_id="text", failover_of="uuid", created_at="timestamptz", sent_at="timestamptz",
    ended_at="timestamptz", send_at="timestamptz", hold="text", route="text",
)  # fmt: skip
"""A new delivery; its other columns are set later."""
_RESULTS = Columns(
    id="uuid", state="text", outcome="text", reason="text", provider_id="text", receipt_due_at="timestamptz"
)

_ATTEMPTED = f"""
WITH new AS (
    SELECT * FROM {_RESULTS.unnest("new", first=2)}
), judged AS (
    -- What one attempt achieved, a later failure of another does not undo: two nodes may have sent the same message.
    -- What was cancelled is not tried again.
    SELECT new.*, deliveries.state IN ('handed_over', 'delivered') AND new.state IN ('pending', 'failed')
                  OR deliveries.state = 'cancelled' AND new.state = 'pending' AS moot
    FROM new JOIN deliveries USING (id) FOR UPDATE OF deliveries
), changed AS (
    UPDATE deliveries SET attempts = attempts + 1,
           reason = CASE WHEN moot THEN deliveries.reason ELSE new.reason END,
           provider_id = CASE WHEN moot THEN deliveries.provider_id ELSE new.provider_id END,
           receipt_due_at = CASE WHEN moot THEN deliveries.receipt_due_at ELSE new.receipt_due_at END, hold = '',
           state = CASE WHEN moot THEN deliveries.state ELSE new.state END,
           sent_at = CASE WHEN new.state IN ('handed_over', 'delivered') THEN $1 ELSE sent_at END,
           ended_at = CASE WHEN moot THEN ended_at WHEN new.state = 'pending' THEN NULL ELSE $1::timestamptz END
    FROM judged AS new WHERE deliveries.id = new.id
    RETURNING deliveries.id, attempts
)
INSERT INTO delivery_attempts (delivery_id, number, at, outcome, reason, provider_id)
SELECT changed.id, changed.attempts, $1, new.outcome, new.reason, new.provider_id FROM changed JOIN new USING (id)"""


async def insert(conn: Conn, deliveries: Sequence[Delivery]) -> None:
    """Write deliveries that are to be sent; one that waits for quiet hours to end is not written twice for its page."""
    await NEW.insert(conn, deliveries, on_conflict="DO NOTHING")


async def by_ids(conn: Conn, ids: Sequence[UUID]) -> dict[UUID, Delivery]:
    """Deliveries by id."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM deliveries WHERE id = ANY($1)", list(ids))
    return {row["id"]: delivery_of(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Attempted:
    """What an attempt came to: the delivery's state now, the outcome, the provider's name for it, when its receipt is due."""

    id: UUID
    state: DeliveryState
    outcome: SendOutcome
    reason: str
    provider_id: str = ""
    receipt_due_at: datetime | None = None


async def attempted(conn: Conn, results: Sequence[Attempted], now: datetime) -> None:
    """Note attempts."""
    await conn.execute(_ATTEMPTED, now, *_RESULTS.arrays(results))


async def unsent(conn: Conn, page_ids: Sequence[UUID]) -> list[UUID]:
    """What has not been sent of pages."""
    rows = await conn.fetch(
        "SELECT id FROM deliveries WHERE page_id = ANY($1) AND state IN ('planned', 'pending')", list(page_ids)
    )
    return [row["id"] for row in rows]


async def cancel(conn: Conn, page_ids: Sequence[UUID], reason: str, now: datetime) -> list[UUID]:
    """Cancel what has not been sent; returns the ids."""
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'cancelled', hold = '', reason = $2, ended_at = $3
           WHERE page_id = ANY($1) AND state IN ('planned', 'pending') RETURNING id""",
        list(page_ids),
        reason,
        now,
    )
    return [row["id"] for row in rows]


async def cancel_exhausted(
    conn: Conn, incident_ids: Sequence[UUID], purposes: Sequence[str], reason: str, now: datetime
) -> list[UUID]:
    """Cancel what pages of incidents have not sent yet although every step of theirs has run; returns the ids."""
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'cancelled', hold = '', reason = $2, ended_at = $3 FROM pages
           WHERE pages.id = page_id AND pages.incident_id = ANY($1) AND pages.state = 'exhausted' AND purpose = ANY($4)
             AND deliveries.state IN ('planned', 'pending') RETURNING deliveries.id""",
        list(incident_ids),
        reason,
        now,
        list(purposes),
    )
    return [row["id"] for row in rows]


async def unsent_of_bundle(conn: Conn, bundle_id: UUID) -> list[Delivery]:
    """What a bundle has still to send, oldest first."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM deliveries WHERE bundle_id = $1 AND state = 'pending' ORDER BY created_at, id",
        bundle_id,
    )
    return [delivery_of(row) for row in rows]


async def of_incident(conn: Conn, incident_id: UUID) -> list[Delivery]:
    """All deliveries of an incident, oldest first."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM deliveries WHERE incident_id = $1 ORDER BY created_at, send_at NULLS FIRST, id",
        incident_id,
    )
    return [delivery_of(row) for row in rows]


async def of_person(conn: Conn, person_id: UUID, limit: int) -> list[Delivery]:
    """The newest deliveries to a person."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM deliveries WHERE person_id = $1 ORDER BY created_at DESC LIMIT $2", person_id, limit
    )
    return [delivery_of(row) for row in rows]


async def attempts_of(conn: Conn, delivery_ids: Sequence[UUID]) -> dict[UUID, list[Attempt]]:
    """The attempts of deliveries, in order."""
    rows = await conn.fetch(
        """SELECT delivery_id, number, at, outcome, reason, provider_id FROM delivery_attempts
           WHERE delivery_id = ANY($1) ORDER BY delivery_id, number""",
        list(delivery_ids),
    )
    attempts: dict[UUID, list[Attempt]] = {}
    for delivery_id, *values in rows:
        attempts.setdefault(delivery_id, []).append(Attempt(*values))
    return attempts


async def used_channels(conn: Conn, since: datetime) -> list[Used]:
    """What each channel did since an instant, by name; a message whose receipt is awaited or was missed proves nothing, and
    neither does a notice that failed at an account's e-mail address, which nobody named as a contact."""
    rows = await conn.fetch(_USED, since)
    return [Used(**dict(row)) for row in rows]


_USED = """
SELECT channel, max(sent_at) FILTER (WHERE receipt_due_at IS NULL AND NOT unproven) AS sent_at, max(bad_at) AS failed_at,
       coalesce((array_agg(reason ORDER BY bad_at DESC) FILTER (WHERE bad_at IS NOT NULL))[1], '') AS reason,
       min(coalesce(receipt_due_at, send_at, created_at))
           FILTER (WHERE state = 'pending' OR receipt_due_at IS NOT NULL) AS waiting_since
FROM (SELECT *, receipt_missed_at IS NOT NULL AND state <> 'delivered' AS unproven,
             CASE WHEN state = 'failed' THEN ended_at WHEN state = 'handed_over' THEN receipt_missed_at END AS bad_at
      FROM deliveries
      WHERE created_at > $1 AND NOT (state = 'failed' AND kind = 'notice' AND contact_id IS NULL)) AS recent
GROUP BY channel ORDER BY channel"""


def delivery_of(row: Record) -> Delivery:
    """A delivery from a row with `COLUMNS`."""
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Delivery)}
    values["state"], values["kind"] = DeliveryState(values["state"]), MessageKind(values["kind"])
    values["hold"] = Hold(values["hold"])
    return Delivery(**values)


async def forget_addresses(conn: Conn, before: datetime, limit: int) -> int:
    """Blank where messages went that ended before an instant, and what providers said of them; returns how many."""
    rows = await conn.fetch(
        """UPDATE deliveries SET address = '', provider_id = '' WHERE id IN (
             SELECT id FROM deliveries WHERE ended_at < $1 AND address <> '' LIMIT $2) RETURNING id""",
        before,
        limit,
    )
    await conn.execute("DELETE FROM delivery_attempts WHERE delivery_id = ANY($1)", [row["id"] for row in rows])
    return len(rows)


async def first_messages(conn: Conn, people: Sequence[str], start: datetime, end: datetime) -> list[Record]:
    """When each step of a page first reached each of these persons, inside a span: `person` (a name) and `at`."""
    rows: list[Record] = await conn.fetch(
        """SELECT persons.name AS person, min(deliveries.created_at) AS at
           FROM deliveries JOIN persons ON persons.id = person_id
           WHERE deliveries.kind = 'page' AND deliveries.state IN ('handed_over', 'delivered') AND persons.name = ANY($1)
             AND deliveries.created_at >= $2 AND deliveries.created_at < $3
           GROUP BY persons.name, page_id, step""",
        list(people),
        start,
        end,
    )
    return rows
