"""Rows at the gate for storms: what went to a person lately, what waits, and what becomes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.db.locks import Lock, hold_each
from muster.base.unit import Conn
from muster.paging.gate import Held


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
    await conn.execute(
        """INSERT INTO bundles (id, person_id, channel, created_at)
           SELECT id, person_id, channel, $4 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS new (id, person_id, channel)""",
        [id for id, _, _, _ in bundles],
        [person for _, person, _, _ in bundles],
        [channel for _, _, channel, _ in bundles],
        now,
    )
    pairs = [(member, id) for id, _, _, members in bundles for member in members]
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'pending', hold = '', released_at = $4, bundle_id = bundled.bundle, reason = $3
           FROM unnest($1::uuid[], $2::uuid[]) AS bundled (id, bundle)
           WHERE deliveries.id = bundled.id AND state IN ('planned', 'pending') RETURNING deliveries.id""",
        [member for member, _ in pairs],
        [bundle for _, bundle in pairs],
        reason,
        now,
    )
    return {row["id"] for row in rows}


async def hold_back(conn: Conn, held: Sequence[Held]) -> set[UUID]:
    """Let deliveries wait; returns those that were still to be sent."""
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'planned', send_at = held.until, hold = held.hold, reason = held.reason
           FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[]) AS held (id, until, hold, reason)
           WHERE deliveries.id = held.id AND state IN ('planned', 'pending') RETURNING deliveries.id""",
        [each.id for each in held],
        [each.until for each in held],
        [str(each.hold) for each in held],
        [each.reason for each in held],
    )
    return {row["id"] for row in rows}


async def pass_over(conn: Conn, ids: Sequence[UUID], reasons: Sequence[str], now: datetime) -> None:
    """End deliveries that another contact takes over."""
    await conn.execute(
        """UPDATE deliveries SET state = 'cancelled', hold = '', reason = over.reason, ended_at = $3
           FROM unnest($1::uuid[], $2::text[]) AS over (id, reason)
           WHERE deliveries.id = over.id AND state IN ('planned', 'pending')""",
        list(ids),
        list(reasons),
        now,
    )
