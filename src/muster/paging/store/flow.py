"""Rows at the gate for storms: what went to a person lately, what waits, and what becomes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.db.bulk import Table
from muster.base.db.locks import Lock, hold_each
from muster.base.unit import Conn
from muster.paging.storm import WaitingDelivery

_BUNDLES = Table("bundles", id="uuid", person_id="uuid", channel="text", created_at="timestamptz")
_GATHERED = Table(
    "deliveries", id="uuid", bundle_id="uuid", state="text", hold="text", reason="text", released_at="timestamptz"
)
_HELD = Table("deliveries", id="uuid", send_at="timestamptz", hold="text", reason="text", state="text")
_PASSED_OVER = Table("deliveries", id="uuid", reason="text", state="text", hold="text", ended_at="timestamptz")
_UNSENT = "deliveries.state IN ('planned', 'pending')"


@dataclass(frozen=True, slots=True)
class Went:
    """A message that went through: to whom, where, when, about incidents of which severities."""

    person_id: UUID
    channel: str
    address: str
    at: datetime
    severities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """A delivery that waits at the gate."""

    id: UUID
    person_id: UUID
    channel: str
    address: str
    severity: str


async def lock_persons(conn: Conn, person_ids: Iterable[UUID]) -> None:
    """Let one transaction at a time decide what goes to these persons."""
    await hold_each(conn, Lock.RECIPIENTS, map(str, person_ids))


async def went(conn: Conn, person_ids: Sequence[UUID], since: datetime) -> list[Went]:
    """The messages that went to persons since then, a bundle once."""
    rows = await conn.fetch(
        """SELECT person_id, channel, address, max(released_at) AS at, array_agg(DISTINCT severity) AS severities
           FROM deliveries JOIN pages ON pages.id = page_id
           WHERE person_id = ANY($1) AND released_at > $2
           GROUP BY person_id, channel, address, coalesce(bundle_id, deliveries.id)""",
        list(person_ids),
        since,
    )
    return [Went(**{**dict(row), "severities": tuple(row["severities"])}) for row in rows]


async def waiting(conn: Conn, person_ids: Sequence[UUID]) -> list[Waits]:
    """What waits for persons, to be gathered or for a limit."""
    rows = await conn.fetch(
        """SELECT deliveries.id, person_id, channel, address, severity FROM deliveries JOIN pages ON pages.id = page_id
           WHERE person_id = ANY($1) AND hold IN ('bundle', 'limit') AND deliveries.state = 'planned'""",
        list(person_ids),
    )
    return [Waits(**dict(row)) for row in rows]


async def let_go(conn: Conn, ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Let deliveries through, each as a message of its own; returns those that were still to be sent."""
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'pending', hold = '', released_at = $2
           WHERE id = ANY($1) AND state IN ('planned', 'pending') RETURNING id""",
        list(ids),
        now,
    )
    return {row["id"] for row in rows}


async def gather(
    conn: Conn, bundles: Sequence[tuple[UUID, UUID, str, Sequence[UUID]]], reason: str, now: datetime
) -> set[UUID]:
    """Let deliveries through together: (bundle, person, channel, deliveries); returns those that were still to be sent."""
    await _BUNDLES.insert(conn, [bundle[:3] for bundle in bundles], created_at=now)
    rows = await _GATHERED.update(
        conn,
        [(member, id) for id, _, _, members in bundles for member in members],
        where=_UNSENT,
        returning="deliveries.id",
        state="pending",
        hold="",
        reason=reason,
        released_at=now,
    )
    return {row["id"] for row in rows}


async def hold_back(conn: Conn, held: Sequence[WaitingDelivery]) -> set[UUID]:
    """Let deliveries wait; returns those that were still to be sent."""
    waits = [(delivery.id, delivery.until, delivery.hold, delivery.reason) for delivery in held]
    rows = await _HELD.update(conn, waits, where=_UNSENT, returning="deliveries.id", state="planned")
    return {row["id"] for row in rows}


async def pass_over(conn: Conn, ids: Sequence[UUID], reasons: Sequence[str], now: datetime) -> None:
    """End deliveries that another contact takes over."""
    rows = list(zip(ids, reasons, strict=True))
    await _PASSED_OVER.update(conn, rows, where=_UNSENT, state="cancelled", hold="", ended_at=now)
