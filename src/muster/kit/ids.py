"""Identifiers that sort by time, so that indexes stay compact and lists need no second sort key."""

import secrets
from datetime import datetime
from uuid import UUID


def new_id(now: datetime) -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then randomness; unique without a server's help."""
    millis = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
