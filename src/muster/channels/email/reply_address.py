"""The address that a page's answer goes to: `page+TOKEN@muster.example`, where the token proves which delivery is meant. Pure.

The token is the delivery's id and 80 bits of HMAC in base32, because mail servers may change the case of an address and cut
what is before the @ at 64 characters. It never expires: what may still be done is decided when the answer comes.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from muster.inbound.email.tagged_address import content_of, tagged

_MAC = 10
LONGEST_LOCAL = 20


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """Makes and reads addresses below `base` (`page@muster.example`)."""

    base: str
    key: bytes = field(repr=False)

    def of(self, delivery_id: UUID) -> str:
        """The address for answers to a delivery."""
        return tagged(self.base, delivery_id.bytes + self._mac(delivery_id))

    def read(self, address: str) -> UUID | None:
        """The delivery that an address stands for; None when Muster did not make it."""
        raw = content_of(self.base, address)
        if raw is None or len(raw) != 16 + _MAC:
            return None
        delivery_id = UUID(bytes=raw[:16])
        return delivery_id if hmac.compare_digest(raw[16:], self._mac(delivery_id)) else None

    def _mac(self, delivery_id: UUID) -> bytes:
        return hmac.digest(self.key, b"mail-answer\0" + delivery_id.bytes, hashlib.sha256)[:_MAC]
