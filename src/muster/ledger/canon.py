"""The one spelling of everything that is hashed, so that a verifier in any language gets the same bytes (R10).

A hash is SHA-256 over netstrings (decimal length in bytes, colon, bytes, comma) of a tag and the fields in order: text
as UTF-8, whole numbers in decimal, instants as ISO-8601 in UTC with six decimals and +00:00, earlier hashes raw.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

GENESIS = bytes(32)

_encoder = msgspec.json.Encoder(order="sorted")
_NUL = "\N{REPLACEMENT CHARACTER}"


def digest(tag: bytes, *fields: bytes) -> bytes:
    """SHA-256 of the netstrings of `tag` and `fields`."""
    return sha256(b"".join([b"%d:%b," % (len(field), field) for field in (tag, *fields)])).digest()


def instant(at: datetime) -> str:
    """An aware datetime as it is hashed and exported."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def text(value: str) -> str:
    """The text as PostgreSQL and UTF-8 can hold it: NUL and lone surrogates become U+FFFD."""
    if "\0" in value:
        value = value.replace("\0", _NUL)
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def json_text(value: Any) -> str:
    """Compact JSON with sorted keys that PostgreSQL takes as jsonb; what it cannot hold is replaced, never refused."""
    try:
        encoded = _encoder.encode(value)
    except (UnicodeEncodeError, OverflowError):
        encoded = _encoder.encode(_clean(value))
    if b"\\u0000" in encoded:
        encoded = _encoder.encode(_clean(value))
    return encoded.decode()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    return value
