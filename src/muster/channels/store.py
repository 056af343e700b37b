"""Rows of the built-in inbox, and what chats and browsers need remembered."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from muster.base.unit import Conn
from muster.kit.ids import new_id
from muster.paging.channel import Message


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message as it was kept; `message` is the JSON of `paging.channel.Message`."""

    id: UUID
    box: str
    message: dict[str, Any]
    received_at: datetime


async def keep(conn: Conn, box: str, message: Message, now: datetime) -> None:
    """Keep a message; the same one twice is kept once."""
    body = {**asdict(message), "context": dict(message.context)}
    await conn.execute(
        """INSERT INTO inbox_messages (id, box, key, message, received_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (box, key) DO NOTHING""",
        new_id(now),
        box,
        message.key,
        body,
        now,
    )


async def take_out(conn: Conn, box: str, key: str) -> bool:
    """Remove a message from its box; false where it is not there."""
    done = await conn.execute("DELETE FROM inbox_messages WHERE box = $1 AND key = $2", box, key)
    return bool(done == "DELETE 1")


async def newest(conn: Conn, box: str | None, limit: int) -> list[InboxMessage]:
    """The newest messages of a box, or of all."""
    rows = await conn.fetch(
        """SELECT id, box, message, received_at FROM inbox_messages WHERE $1::text IS NULL OR box = $1
           ORDER BY received_at DESC, id DESC LIMIT $2""",
        box,
        limit,
    )
    return [InboxMessage(**dict(row)) for row in rows]


async def remembered(conn: Conn, channel: str, name: str) -> str:
    """What a channel keeps under a name; empty when nothing."""
    found: str | None = await conn.fetchval(
        "SELECT value FROM channel_memory WHERE channel = $1 AND name = $2", channel, name
    )
    return found or ""


async def remember(conn: Conn, channel: str, name: str, value: str, now: datetime) -> None:
    """Keep something for a channel, in place of what was there."""
    await conn.execute(
        """INSERT INTO channel_memory (channel, name, value, kept_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (channel, name) DO UPDATE SET value = $3, kept_at = $4""",
        channel,
        name,
        value,
        now,
    )


async def remember_first(conn: Conn, channel: str, name: str, value: str, now: datetime) -> str:
    """Keep something unless something is there, and give what is there: of two nodes at once both end up with the same."""
    await conn.execute(
        "INSERT INTO channel_memory (channel, name, value, kept_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        channel,
        name,
        value,
        now,
    )
    return await remembered(conn, channel, name)


async def hear(conn: Conn, channel: str, id: str, now: datetime) -> bool:
    """Note a callback; false when it was heard before. What is older than two days is forgotten."""
    await conn.execute("DELETE FROM heard_callbacks WHERE at < $1", now - timedelta(days=2))
    done = await conn.execute(
        "INSERT INTO heard_callbacks (channel, id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        channel,
        id[:200],
        now,
    )
    return bool(done == "INSERT 0 1")


async def keep_link(
    conn: Conn, channel: str, person_id: UUID, code_hash: bytes, now: datetime, expires_at: datetime
) -> None:
    """Keep a code with which a person's chat will name itself, in place of an earlier one."""
    await conn.execute("DELETE FROM chat_links WHERE channel = $1 AND (person_id = $2 OR expires_at <= $3)",
                       channel, person_id, now)  # fmt: skip
    await conn.execute(
        "INSERT INTO chat_links (code_hash, channel, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        code_hash,
        channel,
        person_id,
        now,
        expires_at,
    )


async def take_link(conn: Conn, channel: str, code_hash: bytes, now: datetime) -> UUID | None:
    """Whose code this is; it counts once."""
    found: UUID | None = await conn.fetchval(
        "DELETE FROM chat_links WHERE channel = $1 AND code_hash = $2 AND expires_at > $3 RETURNING person_id",
        channel,
        code_hash,
        now,
    )
    return found


async def forget_messages(conn: Conn, before: datetime, limit: int) -> int:
    """Drop messages of the built-in inbox that came before an instant; returns how many."""
    done = await conn.execute(
        "DELETE FROM inbox_messages WHERE id IN (SELECT id FROM inbox_messages WHERE received_at < $1 LIMIT $2)",
        before,
        limit,
    )
    return int(done.split()[-1])
