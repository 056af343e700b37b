"""The built-in inbox in the database, for its channel, which knows none."""

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.channels import store
from muster.paging.channel import Message


class Boxes:
    """Everybody's box; `keep` is what the channel sends with."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, address: str, message: Message) -> None:
        """Put a message into a box."""
        async with self._database.unit(SYSTEM) as unit:
            await store.keep(unit.conn, address, message, unit.now)
            unit.publish("inbox")

    async def take_out(self, address: str, key: str) -> bool:
        """Take a message out again; whether it was there."""
        async with self._database.unit(SYSTEM) as unit:
            return await store.take_out(unit.conn, address, key)
