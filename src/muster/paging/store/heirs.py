"""Rows of deliveries that take another's place, and of those that are sent before their time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from muster.base.db.bulk import Columns
from muster.base.unit import Conn
from muster.paging.delivery import Delivery
from muster.paging.store.deliveries import COLUMNS, NEW, delivery_of

_STEPS = Columns(page_id="uuid", step="integer", person_id="uuid")
_MOVES = Columns(id="uuid", failed="uuid", why="text")


async def insert_heirs(conn: Conn, deliveries: Sequence[Delivery]) -> set[UUID]:
    """Write deliveries in place of failed ones; returns the ids of those that are new: what failed has one heir at most."""
    free = "(failover_of) WHERE failover_of IS NOT NULL DO NOTHING"
    rows = await NEW.insert(conn, deliveries, on_conflict=free, returning="id")
    return {row["id"] for row in rows}


async def in_quiet_hours(conn: Conn, incident_id: UUID) -> list[Delivery]:
    """What waits for the end of somebody's quiet hours, of one incident."""
    rows = await conn.fetch(
        f"""SELECT {COLUMNS} FROM deliveries
            WHERE incident_id = $1 AND hold = 'quiet' AND state = 'planned' ORDER BY created_at, id""",
        incident_id,
    )
    return [delivery_of(row) for row in rows]


async def wake_up(conn: Conn, ids: Sequence[UUID], reason: str, now: datetime) -> list[UUID]:
    """Send now what waited for the end of quiet hours; returns the ids that moved."""
    rows = await conn.fetch(
        """UPDATE deliveries SET state = 'pending', hold = '', send_at = $3, reason = $2
           WHERE id = ANY($1) AND state = 'planned' RETURNING id""",
        list(ids),
        reason,
        now,
    )
    return [row["id"] for row in rows]


async def siblings(conn: Conn, keys: Sequence[tuple[UUID, int, UUID]]) -> list[Delivery]:
    """All deliveries of these (page, step, person), oldest first."""
    rows = await conn.fetch(
        f"""SELECT {COLUMNS} FROM deliveries
            WHERE (page_id, step, person_id) IN (SELECT * FROM {_STEPS.unnest("asked")})
            ORDER BY created_at, id""",
        *_STEPS.arrays(keys),
    )
    return [delivery_of(row) for row in rows]


async def bring_forward(conn: Conn, moves: Sequence[tuple[Delivery, Delivery, str]], now: datetime) -> list[UUID]:
    """Send planned deliveries now, each in place of a failed one: (planned, failed, why); returns the ids that moved."""
    rows = await conn.fetch(
        f"""UPDATE deliveries SET state = 'pending', hold = '', send_at = $1, reason = moved.why,
                   failover_of = coalesce(failover_of, moved.failed)
            FROM {_MOVES.unnest("moved", first=2)}
            WHERE deliveries.id = moved.id AND state = 'planned' RETURNING deliveries.id""",
        now,
        *_MOVES.arrays([(planned.id, failed.id, why) for planned, failed, why in moves]),
    )
    return [row["id"] for row in rows]


async def hopeful(conn: Conn, page_id: UUID, step: int, soon: datetime) -> bool:
    """Whether anything of a step has arrived or may still arrive soon: what waits for quiet hours to end does not count, nor
    what is tried again after `soon` only."""
    found: bool = await conn.fetchval(
        """SELECT EXISTS (SELECT FROM deliveries WHERE page_id = $1 AND step = $2
                          AND (state IN ('handed_over', 'delivered') OR state = 'planned' AND hold <> 'quiet'
                               OR state = 'pending' AND NOT EXISTS (
                                   SELECT FROM work WHERE kind IN ('delivery', 'delivery.bundle') AND run_at > $3
                                                          AND key IN (deliveries.id::text, bundle_id::text))))""",
        page_id,
        step,
        soon,
    )
    return found
