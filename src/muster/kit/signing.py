"""Links that prove themselves: signed, for one purpose, expiring, and checked without a look into any store.

A token is `base64url(version ‖ expiry ‖ nonce ‖ subject ‖ mac)` without padding; the mac is HMAC-SHA256 over the purpose
and all before it. Being single-use is not a property of a token: whoever accepts one remembers its nonce or makes the
effect idempotent.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from muster.kit.base64url import encode

_VERSION = b"\x01"
_EXPIRY, _NONCE, _MAC = 5, 9, 16
_HEAD = len(_VERSION) + _EXPIRY + _NONCE
NONCE_BYTES = _NONCE
LONGEST_TOKEN = 1024


class Rejection(StrEnum):
    """Why a token does not count; the value is the sentence for the person who followed the link."""

    MALFORMED = "This link is incomplete. Open it again from the message, whole."
    FORGED = "This link was not made by this Muster for this purpose."
    EXPIRED = "This link has expired. Sign in to do the same."


@dataclass(frozen=True, slots=True)
class Signed:
    """What a good token says."""

    subject: str
    expires: datetime
    nonce: bytes


def sign(key: bytes, purpose: str, subject: str, expires: datetime, nonce: bytes) -> str:
    """Make a token that lets its bearer do `purpose` to `subject` until `expires` (aware; cut to whole seconds).

    Args:
        key: at least 16 secret bytes, used for nothing but signing.
        nonce: NONCE_BYTES bytes that make two tokens for the same subject differ.

    Raises:
        ValueError: for a short key, a nonce of another length, a naive or unrepresentable time, or a subject too long.
    """
    if len(key) < 16 or len(nonce) != _NONCE:
        raise ValueError(f"A signing key has at least 16 bytes and a nonce exactly {_NONCE}.")
    if expires.tzinfo is None:
        raise ValueError("The expiry of a link needs a time zone.")
    try:
        seconds = int(expires.timestamp()).to_bytes(_EXPIRY, "big")
    except OverflowError as error:
        raise ValueError("The expiry of a link lies outside of what a token holds.") from error
    token = _seal(key, purpose, _VERSION + seconds + nonce + subject.encode())
    if len(token) > LONGEST_TOKEN:
        raise ValueError(f"A link of {len(token)} characters is longer than {LONGEST_TOKEN}: shorten its subject.")
    return token


def verify(key: bytes, purpose: str, token: str, now: datetime) -> Signed | Rejection:
    """What a token says, or why it does not count.

    The comparison takes constant time and covers the token's text, so that no second spelling of a token passes.
    """
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return Rejection.MALFORMED
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Rejection.MALFORMED
    payload = raw[:-_MAC]
    if len(payload) < _HEAD or not payload.startswith(_VERSION):
        return Rejection.MALFORMED
    if not hmac.compare_digest(_seal(key, purpose, payload).encode(), token.encode()):
        return Rejection.FORGED
    expires = datetime.fromtimestamp(int.from_bytes(payload[1 : 1 + _EXPIRY], "big"), UTC)
    if now >= expires:
        return Rejection.EXPIRED
    return Signed(payload[_HEAD:].decode(), expires, payload[1 + _EXPIRY : _HEAD])


def _seal(key: bytes, purpose: str, payload: bytes) -> str:
    named = purpose.encode()
    mac = hmac.digest(key, len(named).to_bytes(4, "big") + named + payload, hashlib.sha256)[:_MAC]
    return encode(payload + mac)
