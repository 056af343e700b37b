"""Rows of synthetic pages: what the last one of each channel came to, and marks that are under way."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.paging.loop import Round

_COLUMNS = "channel, closed, at, took, good_at, failing_since, failures, reason, told"


async def rounds(conn: Conn) -> dict[str, Round]:
    """The last round of each channel."""
    rows = await conn.fetch(f"SELECT {_COLUMNS} FROM loop_rounds ORDER BY channel")
    return {row["channel"]: Round(**dict(row)) for row in rows}


async def put(conn: Conn, found: Sequence[Round]) -> None:
    """Write what rounds came to."""
    await conn.executemany(
        f"""INSERT INTO loop_rounds ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (channel) DO UPDATE SET closed = $2, at = $3, took = $4, good_at = $5, failing_since = $6,
                                                failures = $7, reason = $8, told = $9""",
        [
            (
                each.channel,
                each.closed,
                each.at,
                each.took,
                each.good_at,
                each.failing_since,
                each.failures,
                each.reason,
                each.told,
            )
            for each in found
        ],
    )


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
