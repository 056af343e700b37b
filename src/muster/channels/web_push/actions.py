"""Web push beyond sending: the key pair of this Muster, made once and kept sealed, and browsers that are gone."""

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.secrets import Secrets
from muster.channels import store
from muster.channels.web_push.crypto import Vapid
from muster.people import store as people
from muster.people.actions.linking import retire

CHANNEL, NAME = "web_push", "vapid"
ROW = "channel:web_push/vapid"


class Browsers:
    """What the channel of web push needs from the database."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database, self._secrets = database, secrets
        self._keys: Vapid | None = None

    async def keys(self) -> Vapid:
        """The key pair, made at its first use; every node has the same.

        Raises:
            Unreadable: it was sealed with a key that is not there any more.
        """
        if self._keys is None:
            async with self._database.read() as conn:
                sealed = await store.remembered(conn, CHANNEL, NAME)
            if not sealed:
                fresh = self._secrets.seal(Vapid.generate().pem, ROW)
                async with self._database.unit(SYSTEM) as unit:
                    sealed = await store.remember_first(unit.conn, CHANNEL, NAME, fresh, unit.now)
            self._keys = Vapid.load(self._secrets.open(sealed, ROW))
        return self._keys

    async def gone(self, address: str, reason: str) -> None:
        """Take a browser that takes no pushes any more out of everybody's contacts."""
        async with self._database.unit(SYSTEM) as unit:
            await retire(unit, await people.in_use_at(unit.conn, CHANNEL, address), reason)
