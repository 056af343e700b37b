"""The address at which an integration takes alerts by mail: `page+TOKEN@muster.example`. Pure.

The token is the integration's id and 72 bits of HMAC over the id and its key's digest, in base32: another key is another address.
It is shorter than the token of an answer and made with another key, so that neither is ever taken for the other.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from muster.inbound.email.tagged_address import content_of, tagged

_MAC = 9


@dataclass(frozen=True, slots=True)
class Claim:
    """What an address says before it is checked against the integration's keys."""

    integration_id: UUID
    proof: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AlertAddresses:
    """Makes and reads addresses below `base` (`page@muster.example`)."""

    base: str
    key: bytes = field(repr=False)

    def of(self, integration_id: UUID, key_digest: bytes) -> str:
        """The address of an integration while it has this key."""
        return tagged(self.base, integration_id.bytes + self._mac(integration_id, key_digest))

    def read(self, address: str) -> Claim | None:
        """The integration that an address names; None where it has another shape."""
        raw = content_of(self.base, address)
        return Claim(UUID(bytes=raw[:16]), raw[16:]) if raw is not None and len(raw) == 16 + _MAC else None

    def proves(self, claim: Claim, key_digest: bytes) -> bool:
        """Whether the address was made for the integration with this key."""
        return hmac.compare_digest(claim.proof, self._mac(claim.integration_id, key_digest))

    def _mac(self, integration_id: UUID, key_digest: bytes) -> bytes:
        return hmac.digest(self.key, b"mail-alert\0" + integration_id.bytes + key_digest, hashlib.sha256)[:_MAC]
