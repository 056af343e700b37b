"""Which pages a person may mean who answers: by the message itself, or by the address that the answer came from."""

from uuid import UUID

from muster.base.unit import Conn
from muster.paging.delivery import Delivery
from muster.paging.store.deliveries import COLUMNS, delivery_of

_MOST = 500


async def answered(conn: Conn, channel: str, delivery_id: UUID | None, address: str) -> list[Delivery]:
    """The deliveries of the answered message, or all of running pages that were sent to an address, newest first."""
    if delivery_id is not None:
        rows = await conn.fetch(
            f"SELECT {COLUMNS} FROM deliveries WHERE id = $1 OR bundle_id = $1 ORDER BY created_at DESC, id DESC",
            delivery_id,
        )
    else:
        rows = await conn.fetch(_TO_ADDRESS, channel, address.strip(), _MOST)
    return [delivery_of(row) for row in rows]


_TO_ADDRESS = f"""
SELECT {COLUMNS} FROM deliveries
WHERE person_id IN (SELECT person_id FROM contacts WHERE kind = $1 AND lower(address) = lower($2) AND active
                    UNION ALL SELECT id FROM persons WHERE $1 = 'email' AND lower(email) = lower($2) AND active)
  AND channel = $1 AND lower(address) = lower($2) AND state IN ('handed_over', 'delivered') AND kind = 'page'
  AND EXISTS (SELECT FROM pages WHERE pages.id = page_id AND pages.state = 'running')
ORDER BY sent_at DESC, created_at DESC, id DESC LIMIT $3"""
