"""Which pages a person may mean who answers: by the message itself, or by the address that the answer came from."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.paging.delivery import Delivery
from muster.paging.store.deliveries import COLUMNS, delivery_of

_MOST = 500
_RUNNING = "EXISTS (SELECT FROM pages WHERE pages.id = page_id AND pages.state = 'running') AS running"


async def of_message(conn: Conn, id: UUID, *, every: bool = False) -> list[Delivery]:
    """The deliveries of a message, one or all of a bundle, newest first: those that are still being paged, if any is and
    not `every` one is wanted."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS}, {_RUNNING} FROM deliveries WHERE id = $1 OR bundle_id = $1 ORDER BY created_at DESC, id DESC",
        id,
    )
    running = [] if every else [row for row in rows if row["running"]]
    return [delivery_of(row) for row in running or rows]


async def to_address(conn: Conn, channel: str, address: str, since: datetime) -> list[Delivery]:
    """What was sent to an address since then and is still being paged, newest first; where nothing is, the newest of all."""
    rows = await conn.fetch(_TO_ADDRESS, channel, address.strip(), since, _MOST)
    running = [row for row in rows if row["running"]]
    return [delivery_of(row) for row in running or rows[:1]]


_TO_ADDRESS = f"""
SELECT {COLUMNS}, {_RUNNING}
FROM deliveries
WHERE person_id IN (SELECT person_id FROM contacts WHERE kind = $1 AND lower(address) = lower($2) AND active
                    UNION ALL SELECT id FROM persons WHERE $1 = 'email' AND lower(email) = lower($2) AND active)
  AND channel = $1 AND lower(address) = lower($2) AND state IN ('handed_over', 'delivered') AND kind IN ('page', 'test')
  AND created_at > $3
ORDER BY sent_at DESC, created_at DESC, id DESC LIMIT $4"""
