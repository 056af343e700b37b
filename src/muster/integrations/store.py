"""Rows of the built-in inbox."""

from dataclasses import asdict, dataclass
from datetime import datetime
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


async def newest(conn: Conn, box: str | None, limit: int) -> list[InboxMessage]:
    """The newest messages of a box, or of all."""
    rows = await conn.fetch(
        """SELECT id, box, message, received_at FROM inbox_messages WHERE $1::text IS NULL OR box = $1
           ORDER BY received_at DESC, id DESC LIMIT $2""",
        box,
        limit,
    )
    return [InboxMessage(**dict(row)) for row in rows]
