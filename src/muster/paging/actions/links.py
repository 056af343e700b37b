"""The addresses that messages carry: an incident's page, and the signed links that acknowledge or prove with one tap."""

from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from muster.base.secrets import Secrets
from muster.kit.signing import NONCE_BYTES, sign
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery

KEY = "links"
"""The purpose of the key that signs them."""
ACKNOWLEDGE, ACKNOWLEDGE_ALL, PROVE = "acknowledge", "acknowledge-all", "prove"
LIFE, PROOF_LIFE = timedelta(hours=24), timedelta(days=30)


class Links:
    """Makes addresses below the public one."""

    def __init__(self, base_url: str, secrets: Secrets, epoch: int = 0) -> None:
        self._base, self._secrets = base_url, secrets
        self.use(epoch)

    def use(self, epoch: int) -> None:
        """Sign with the key of this generation from here on; links of others do not count."""
        self.key = self._secrets.derive(KEY, epoch)

    def answer(self, delivery: Delivery, now: datetime) -> str | None:
        """The one-tap link of a delivery: whoever holds it may acknowledge this incident as this person, or by a test
        prove the contact. A notice has none."""
        if delivery.kind is MessageKind.TEST and delivery.contact_id:
            token = sign(self.key, PROVE, str(delivery.id), now + PROOF_LIFE, token_bytes(NONCE_BYTES))
            return f"{self._base}/t/{token}"
        return self.acknowledge(delivery, now) if delivery.incident_id else None

    def acknowledge(self, delivery: Delivery, now: datetime) -> str:
        """The link that acknowledges an incident."""
        subject = f"{delivery.incident_id}/{delivery.person_id}/{delivery.id}"
        return f"{self._base}/a/{sign(self.key, ACKNOWLEDGE, subject, now + LIFE, token_bytes(NONCE_BYTES))}"

    def acknowledge_all(self, bundle_id: UUID, person_id: UUID, now: datetime) -> str:
        """The one-tap link of a bundle: whoever holds it may acknowledge all of its incidents as this person."""
        subject = f"{person_id}/{bundle_id}"
        return f"{self._base}/a/all/{sign(self.key, ACKNOWLEDGE_ALL, subject, now + LIFE, token_bytes(NONCE_BYTES))}"

    def incident(self, ref: str) -> str:
        """The page of an incident; without a reference, of Muster."""
        return f"{self._base}/incidents/{ref}" if ref else self._base
