"""The statements of the queue. Leases are on database time; `run_at` is compared with the clock that the caller holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.db.bulk import Columns
from muster.base.unit import Conn, Unit
from muster.base.work.job import Job, QueuedJob
from muster.kit.ids import new_id

LEASE = timedelta(seconds=30)
"""How long a job is held without a renewal. The leases of a process that is dead (`nodes`) are free at once."""
ORPHANED = timedelta(seconds=5)
"""What a living process has held for so long without having it in hand was taken by a commit whose answer got lost."""
SOON = timedelta(seconds=5)
"""Every worker looks for itself this often: what is due later needs no wake."""
COLUMNS = "id, kind, key, payload, run_at, attempts, token"

_JOBS = Columns(id="uuid", kind="text", key="text", payload="jsonb", run_at="timestamptz", leased_by="text")
_ROOM = Columns(kind="text", places="integer")
_HELD = Columns(id="uuid", token="bigint")
_INSERT = f"""
INSERT INTO work (id, kind, key, payload, run_at, created_at, leased_by, lease_until, token, attempts)
SELECT id, kind, key, payload::jsonb, run_at, $1, leased_by,
       CASE WHEN leased_by IS NULL THEN NULL ELSE clock_timestamp() + $2 END,
       CASE WHEN leased_by IS NULL THEN 0 ELSE 1 END, CASE WHEN leased_by IS NULL THEN 0 ELSE 1 END
FROM {_JOBS.unnest("job", first=3)}
ON CONFLICT (kind, key) DO NOTHING
RETURNING {COLUMNS}, leased_by"""

_CLAIM = f"""
UPDATE work SET leased_by = $1, lease_until = clock_timestamp() + $2, token = token + 1, attempts = attempts + 1
WHERE id IN (
    SELECT due.id FROM {_ROOM.unnest("room", first=4)}, LATERAL (
        SELECT id FROM work
        WHERE NOT dead AND lease_until IS NULL AND run_at <= $3 AND work.kind = room.kind
        ORDER BY run_at LIMIT room.places FOR UPDATE SKIP LOCKED
    ) AS due
)
RETURNING {COLUMNS}"""


async def enqueue(unit: Unit, jobs: Sequence[Job]) -> None:
    """Write jobs in the unit's transaction; the worker starts on them once it commits."""
    if not jobs:
        return
    holder = unit.hands.holder
    rows = await unit.conn.fetch(
        _INSERT,
        unit.now,
        LEASE,
        *_JOBS.arrays(
            [
                (
                    new_id(unit.now),
                    job.kind,
                    job.key,
                    job.payload,
                    job.run_at or unit.now,
                    holder if job.urgent else None,
                )
                for job in jobs
            ]
        ),
    )
    held = [queued(row) for row in rows if row["leased_by"] is not None]
    if held:
        unit.after_commit(lambda: unit.hands.take(held))
    if any(row["leased_by"] is None and row["run_at"] < unit.now + SOON for row in rows):
        unit.after_commit(unit.hands.wake)
        unit.publish("work")


async def cancel(unit: Unit, kind: str, keys: Sequence[str]) -> int:
    """Remove jobs in the same transaction as the change that makes them moot; a worker that holds one loses its lease."""
    done = await unit.conn.execute("DELETE FROM work WHERE kind = $1 AND key = ANY($2)", kind, list(keys))
    return int(done.split()[-1])


async def revive(unit: Unit, kind: str, keys: Sequence[str]) -> int:
    """Take away jobs that were given up, so that the same can be enqueued anew; returns how many there were."""
    done = await unit.conn.execute("DELETE FROM work WHERE kind = $1 AND key = ANY($2) AND dead", kind, list(keys))
    return int(done.split()[-1])


async def claim(conn: Conn, holder: str, now: datetime, kinds: Sequence[str], limit: int) -> list[QueuedJob]:
    """Take due jobs, at most `limit` of each kind, the longest due first."""
    return await claim_some(conn, holder, now, dict.fromkeys(kinds, limit))


async def claim_some(conn: Conn, holder: str, now: datetime, room: Mapping[str, int]) -> list[QueuedJob]:
    """Take due jobs, of each kind as many as there is room for: what one kind waits for holds up no other."""
    rows = await conn.fetch(_CLAIM, holder, LEASE, now, *_ROOM.arrays(list(room.items())))
    return [queued(row) for row in rows]


async def release_expired(conn: Conn) -> int:
    """Free jobs whose lease ran out."""
    return await _release(conn, "lease_until < clock_timestamp()")


async def release_dead(conn: Conn) -> int:
    """Free jobs whose holder is no process that is alive."""
    return await _release(
        conn,
        """lease_until IS NOT NULL AND NOT EXISTS (
               SELECT FROM nodes WHERE nodes.id::text = leased_by AND alive_until > clock_timestamp())""",
    )


async def release_held(conn: Conn, holder: str) -> int:
    """Free all that one holder has; only when it is known to be over."""
    return await _release(conn, "leased_by = $1", holder)


async def _release(conn: Conn, condition: str, *values: object) -> int:
    done = await conn.execute(f"UPDATE work SET leased_by = NULL, lease_until = NULL WHERE {condition}", *values)
    return int(done.split()[-1])


async def renew(conn: Conn, holder: str, jobs: Sequence[UUID]) -> None:
    """Prolong the leases of these jobs that this holder still has and that have not run out."""
    await conn.execute(
        """UPDATE work SET lease_until = clock_timestamp() + $2
           WHERE id = ANY($3) AND leased_by = $1 AND lease_until > clock_timestamp()""",
        holder,
        LEASE,
        list(jobs),
    )


async def release_orphans(conn: Conn, holder: str, in_hand: Sequence[UUID]) -> int:
    """Free what a holder has leased for a while without having it in hand: a commit took it whose answer got lost."""
    return await _release(
        conn,
        "leased_by = $1 AND id <> ALL($2) AND lease_until < clock_timestamp() + $3::interval",
        holder,
        list(in_hand),
        LEASE - ORPHANED,
    )


async def next_due(conn: Conn, kinds: Sequence[str]) -> datetime | None:
    """When the earliest free job is due."""
    due: datetime | None = await conn.fetchval(
        """SELECT min(run_at) FROM unnest($1::text[]) AS wanted (kind), LATERAL (
               SELECT run_at FROM work WHERE NOT dead AND lease_until IS NULL AND work.kind = wanted.kind
               ORDER BY run_at LIMIT 1) AS next""",
        list(kinds),
    )
    return due


async def finish(conn: Conn, jobs: Sequence[QueuedJob]) -> set[str]:
    """Delete held jobs in the transaction of their effects; returns the ids (as text) whose hold was still good."""
    rows = await conn.fetch(
        f"""DELETE FROM work USING {_HELD.unnest("held")}
            WHERE work.id = held.id AND work.token = held.token RETURNING work.id""",
        *_HELD.arrays(jobs),
    )
    return {str(row["id"]) for row in rows}


async def put_back(conn: Conn, job: QueuedJob, run_at: datetime, error: str, *, dead: bool = False) -> bool:
    """Return a held job to be run later, or set it aside as dead; false if the hold was lost."""
    done = await conn.execute(
        """UPDATE work SET leased_by = NULL, lease_until = NULL, run_at = $3, last_error = $4, dead = $5
           WHERE id = $1 AND token = $2""",
        job.id,
        job.token,
        run_at,
        error[:2000],
        dead,
    )
    return bool(done == "UPDATE 1")


def queued(row: object) -> QueuedJob:
    """A row as a held job."""
    fields = dict(row)  # type: ignore[call-overload]
    fields.pop("leased_by", None)
    return QueuedJob(**fields)
