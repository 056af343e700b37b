"""Mail to the address of an integration goes through the intake like any request, so that batches, spool and raw signals follow.

Keys are remembered from when the database was last asked: while it is away, mail goes to the local spool.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog

from muster.alerts.actions.intake import Reply
from muster.alerts.integration import key_row
from muster.alerts.port import Request
from muster.alerts.store import integrations
from muster.alerts.store.integrations import KeyRow
from muster.base.db.database import Database
from muster.base.secrets import Secrets
from muster.base.unit import Conn
from muster.inbound.email.alert_address import AlertAddresses, Claim
from muster.kit.errors import Missing, Unavailable

PATH, MEDIA_TYPE = "/email", "message/rfc822"
LOOKUP = 2.0
log = structlog.get_logger("muster.mail")


class Takes(Protocol):
    """The intake."""

    async def accept(self, key: str, request: Request) -> Reply:
        """Take a request; the reply is given once what it says is durable. Raises Missing or Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """What became of a mail; `refusal` is empty where it is durable."""

    refusal: str = ""


class AlertMail:
    """One for each process."""

    def __init__(self, addresses: AlertAddresses, database: Database, secrets: Secrets, intake: Takes) -> None:
        self._addresses, self._database, self._secrets, self._intake = addresses, database, secrets, intake
        self._known: dict[UUID, KeyRow] = {}

    async def learn(self, conn: Conn) -> None:
        """Remember the keys of all integrations, for when the database is away."""
        self._known = {row.id: row for row in await integrations.keys(conn)}

    async def key_for(self, address: str) -> str | None:
        """The key of the integration that an address is of; None where it is nobody's, or was before its key was exchanged.

        Raises:
            Unavailable: the database is away, and the integration was not heard of before.
        """
        claim = self._addresses.read(address)
        row = await self._row(claim) if claim is not None else None
        if claim is None or row is None:
            return None
        if not any(self._addresses.proves(claim, digest) for digest in row.digests):
            return None
        return self._secrets.open(row.sealed, key_row(row.id))

    async def keys_for(self, recipients: Iterable[str]) -> list[str]:
        """The keys of the integrations that a mail is for, each once.

        Raises:
            Unavailable: as `key_for`.
        """
        found = [
            await self.key_for(address) for address in dict.fromkeys(recipient.lower() for recipient in recipients)
        ]
        return list(dict.fromkeys(key for key in found if key is not None))

    async def take(self, key: str, raw: bytes) -> MailReceipt:
        """Hand a mail to the intake.

        Raises:
            Unavailable: it could be neither stored nor spooled.
        """
        request = Request(PATH, "POST", {"content-type": MEDIA_TYPE}, {}, raw, self._database.clock.now())
        try:
            reply = await self._intake.accept(key, request)
        except Missing as refusal:
            return MailReceipt(str(refusal))
        if reply.status < 400:
            return MailReceipt()
        said = reply.body if isinstance(reply.body, dict) else {}
        return MailReceipt(str(said.get("title") or "It was refused."))

    async def _row(self, claim: Claim) -> KeyRow | None:
        try:
            async with asyncio.timeout(LOOKUP), self._database.read() as conn:
                found = await integrations.keys(conn, claim.integration_id)
        except (Unavailable, TimeoutError):
            if claim.integration_id not in self._known:
                raise Unavailable("The database is away.", "Send it again in a minute.") from None
            return self._known[claim.integration_id]
        if found:
            self._known[claim.integration_id] = found[0]
        else:
            self._known.pop(claim.integration_id, None)
        return found[0] if found else None
