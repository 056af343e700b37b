"""Rows of synthetic pages: what the last one of each channel came to, and marks that are under way."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.paging.loop import Round

_ROUNDS = Table(
    "loop_rounds", channel="text", closed="boolean", at="timestamptz", took="interval", good_at="timestamptz",
    failing_since="timestamptz", failures="integer", reason="text", told="boolean",
)  # fmt: skip


async def rounds(conn: Conn) -> dict[str, Round]:
    """The last round of each channel."""
    rows = await conn.fetch(f"SELECT {_ROUNDS.text} FROM loop_rounds ORDER BY channel")
    return {row["channel"]: Round(**dict(row)) for row in rows}


async def put(conn: Conn, latest: Sequence[Round]) -> None:
    """Write what rounds came to."""
    await _ROUNDS.upsert(conn, latest, keys=("channel",))


async def keep_only(conn: Conn, channels: Collection[str]) -> None:
    """Forget channels that are not watched any more."""
    await conn.execute("DELETE FROM loop_rounds WHERE channel <> ALL($1)", list(channels))


async def sent(conn: Conn, mark: UUID, now: datetime) -> None:
    """A marked message is on its way."""
    await conn.execute("INSERT INTO loop_marks (mark, sent_at) VALUES ($1, $2)", mark, now)


async def back(conn: Conn, mark: UUID, now: datetime) -> bool:
    """A marked message came back; false where none was sent under this mark."""
    done = await conn.execute("UPDATE loop_marks SET back_at = $2 WHERE mark = $1 AND back_at IS NULL", mark, now)
    return bool(done == "UPDATE 1")


async def is_back(conn: Conn, mark: UUID) -> bool:
    """Whether a marked message came back."""
    return bool(await conn.fetchval("SELECT back_at IS NOT NULL FROM loop_marks WHERE mark = $1", mark))


async def forget(conn: Conn, mark: UUID, before: datetime) -> None:
    """Forget a mark that was looked at, and all that were sent before an instant."""
    await conn.execute("DELETE FROM loop_marks WHERE mark = $1 OR sent_at < $2", mark, before)
