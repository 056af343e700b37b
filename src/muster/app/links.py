"""The addresses that messages carry: an incident's page, and the signed link that acknowledges with one tap."""

from datetime import datetime, timedelta
from secrets import token_bytes

from muster.base.secrets import Secrets
from muster.kit.signing import NONCE_BYTES, sign
from muster.paging.delivery import Delivery

ACKNOWLEDGE = "acknowledge"
LIFE = timedelta(hours=24)


class Links:
    """Makes addresses below the public one."""

    def __init__(self, base_url: str, secrets: Secrets) -> None:
        self._base, self.key = base_url, secrets.derive("links")

    def acknowledge(self, delivery: Delivery, now: datetime) -> str:
        """The one-tap link of a delivery: whoever holds it may acknowledge this incident as this person."""
        subject = f"{delivery.incident_id}/{delivery.person_id}/{delivery.id}"
        return f"{self._base}/a/{sign(self.key, ACKNOWLEDGE, subject, now + LIFE, token_bytes(NONCE_BYTES))}"

    def incident(self, ref: str) -> str:
        """The page of an incident; without a reference, of Muster."""
        return f"{self._base}/incidents/{ref}" if ref else self._base
