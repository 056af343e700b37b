"""Identifiers that sort by time, so that indexes stay compact and lists need no second sort key."""

import secrets
from datetime import datetime
from itertools import count
from uuid import UUID

_COUNTED, _RANDOM = 42, 32
_numbers = count(secrets.randbits(_COUNTED - 1))


def new_id(now: datetime) -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then a counter of this process, then randomness.

    Unique without a server's help. Of two ids of one millisecond the one that was made later is the greater, so that a tie of
    times is never broken by chance.
    """
    millis = int(now.timestamp() * 1000)
    tail = (next(_numbers) % (1 << _COUNTED)) << _RANDOM | secrets.randbits(_RANDOM)
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
