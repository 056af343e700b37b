"""Rows of deadlines."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.clocks.clock import ClockKind, ClockSpec, ClockState, RunningClock
from muster.kit.ids import new_id

_NEW = Table(
    "clocks", id="uuid", subject="text", kind="text", label="text", due_at="timestamptz", data="jsonb",
    started_at="timestamptz",
)  # fmt: skip
_COLUMNS = "id, subject, kind, label, data, state, started_at, due_at, ended_at"


async def insert(conn: Conn, specs: Sequence[ClockSpec], now: datetime) -> list[RunningClock]:
    """Start clocks; one that already runs for the same subject and kind stays as it is and is not returned."""
    free = "(subject, kind) WHERE state = 'running' DO NOTHING"
    rows = [
        (new_id(now), spec.subject, spec.kind.key(spec.about), spec.label, spec.due_at, spec.data, now)
        for spec in specs
    ]
    return [_clock(row) for row in await _NEW.insert(conn, rows, on_conflict=free, returning=_COLUMNS)]


async def end(conn: Conn, subjects: Sequence[str], key: str, state: ClockState, now: datetime) -> list[UUID]:
    """End the running clocks of these subjects that have this key; returns their ids."""
    rows = await conn.fetch(
        """UPDATE clocks SET state = $3, ended_at = $4
           WHERE subject = ANY($1) AND kind = $2 AND state = 'running' RETURNING id""",
        list(subjects),
        key,
        state,
        now,
    )
    return [row["id"] for row in rows]


async def breach(conn: Conn, clock_id: UUID, now: datetime) -> RunningClock | None:
    """Mark a running clock as breached; None if it no longer runs."""
    row = await conn.fetchrow(
        f"""UPDATE clocks SET state = 'breached', ended_at = $2
            WHERE id = $1 AND state = 'running' RETURNING {_COLUMNS}""",
        clock_id,
        now,
    )
    return _clock(row) if row else None


async def running(conn: Conn, subjects: Sequence[str]) -> dict[str, list[RunningClock]]:
    """The running clocks of each subject, soonest first."""
    rows = await conn.fetch(
        f"SELECT {_COLUMNS} FROM clocks WHERE subject = ANY($1) AND state = 'running' ORDER BY due_at", list(subjects)
    )
    found: defaultdict[str, list[RunningClock]] = defaultdict(list)
    for row in rows:
        found[row["subject"]].append(_clock(row))
    return found


async def of_kind(conn: Conn, kind: ClockKind) -> list[RunningClock]:
    """The newest clock of every subject and key of a kind, running or breached."""
    rows = await conn.fetch(
        f"""SELECT DISTINCT ON (subject, kind) {_COLUMNS} FROM clocks
            WHERE (kind = $1 OR kind LIKE $1 || ':%') AND state IN ('running', 'breached')
            ORDER BY subject, kind, started_at DESC, id DESC""",
        kind.name,
    )
    return [_clock(row) for row in rows]


async def next_due(conn: Conn, limit: int, after: tuple[datetime, UUID] | None = None) -> list[RunningClock]:
    """All running clocks by due time, from a cursor on."""
    at, clock_id = after or (None, None)
    rows = await conn.fetch(
        f"""SELECT {_COLUMNS} FROM clocks WHERE state = 'running'
              AND ($2::timestamptz IS NULL OR (due_at, id) > ($2, $3::uuid)) ORDER BY due_at, id LIMIT $1""",
        limit,
        at,
        clock_id,
    )
    return [_clock(row) for row in rows]


def _clock(row: Record) -> RunningClock:
    return RunningClock(**{**dict(row), "state": ClockState(row["state"])})
