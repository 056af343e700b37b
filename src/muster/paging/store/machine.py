"""Rows of what is wrong with the machines that nodes run on."""

from collections.abc import Sequence
from datetime import datetime

from muster.base.db.bulk import Table
from muster.base.machine import Trouble
from muster.base.unit import Conn

_TROUBLES = Table(
    "machine_troubles",
    place="text",
    kind="text",
    sentence="text",
    fix="text",
    since="timestamptz",
    seen_at="timestamptz",
)


async def of_place(conn: Conn, place: str) -> dict[str, Trouble]:
    """What was said of one data directory last, by kind."""
    rows = await conn.fetch("SELECT kind, sentence, fix FROM machine_troubles WHERE place = $1 FOR UPDATE", place)
    return {row["kind"]: Trouble(**dict(row)) for row in rows}


async def put(conn: Conn, place: str, troubles: Sequence[Trouble], now: datetime) -> None:
    """What is said of it now."""
    await _TROUBLES.upsert(conn, troubles, keys=("place", "kind"), keep=("since",), place=place, since=now, seen_at=now)


async def drop(conn: Conn, place: str, kinds: Sequence[str]) -> None:
    """These are over."""
    await conn.execute("DELETE FROM machine_troubles WHERE place = $1 AND kind = ANY($2)", place, list(kinds))


async def every(conn: Conn, seen_since: datetime) -> list[Trouble]:
    """What is wrong anywhere now, the oldest first."""
    rows = await conn.fetch(
        "SELECT kind, sentence, fix FROM machine_troubles WHERE seen_at >= $1 ORDER BY since, place, kind", seen_since
    )
    return [Trouble(**dict(row)) for row in rows]
