"""The address that a page's answer goes to: `page+TOKEN@muster.example`, where the token proves which delivery is meant. Pure.

The token is the delivery's id and 80 bits of HMAC in base32, because mail servers may change the case of an address and cut
what is before the @ at 64 characters. It never expires: what may still be done is decided when the answer comes.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

_MAC = 10
LONGEST_LOCAL = 20


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """Makes and reads addresses below `base` (`page@muster.example`)."""

    base: str
    key: bytes = field(repr=False)

    def of(self, delivery_id: UUID) -> str:
        """The address for answers to a delivery."""
        local, _, domain = self.base.rpartition("@")
        token = base64.b32encode(delivery_id.bytes + self._mac(delivery_id)).decode().rstrip("=").lower()
        return f"{local}+{token}@{domain}"

    def read(self, address: str) -> UUID | None:
        """The delivery that an address stands for; None when Muster did not make it."""
        local, _, domain = self.base.lower().rpartition("@")
        given_local, _, given_domain = address.strip().lower().rpartition("@")
        name, plus, token = given_local.rpartition("+")
        if not plus or name != local or given_domain != domain or not token.isascii():
            return None
        try:
            raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except binascii.Error:
            return None
        if len(raw) != 16 + _MAC:
            return None
        delivery_id = UUID(bytes=raw[:16])
        return delivery_id if hmac.compare_digest(raw[16:], self._mac(delivery_id)) else None

    def _mac(self, delivery_id: UUID) -> bytes:
        return hmac.digest(self.key, b"mail-answer\0" + delivery_id.bytes, hashlib.sha256)[:_MAC]
