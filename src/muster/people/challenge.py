"""What a passkey signs: made and recognised with a key of Muster's, so that nothing is kept for those who only look (pure).

A challenge is a nonce, when it expires, and a tag over both and the purpose. That none is taken twice is for the store.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

LIFE = timedelta(minutes=10)
NONCE = 16
_TAG = 32


def make(key: bytes, purpose: str, nonce: bytes, now: datetime) -> bytes:
    """A challenge for one purpose, such as `sign-in`."""
    head = nonce + int((now + LIFE).timestamp()).to_bytes(8, "big")
    return head + _tag(key, purpose, head)


def is_ours(key: bytes, purpose: str, challenge: bytes, now: datetime) -> bool:
    """Whether Muster made it for that purpose and it has not expired."""
    head, tag = challenge[: NONCE + 8], challenge[NONCE + 8 :]
    if len(tag) != _TAG or not hmac.compare_digest(tag, _tag(key, purpose, head)):
        return False
    return now.timestamp() < int.from_bytes(head[NONCE:], "big")


def _tag(key: bytes, purpose: str, head: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + head, hashlib.sha256)
