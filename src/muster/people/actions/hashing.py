"""Argon2id (RFC 9106) off the event loop: few at once, since each takes 64 MiB, and a short queue, since each takes time.

Those who are known already have a lane of their own: a crowd of strangers cannot fill it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from muster.kit.errors import Throttled

AT_ONCE, MOST_WAITING = 2, 8

_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
# Of a password that nobody knows, with the parameters above: comparing with it takes as long as with a real one.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$saVGbvABkzJMZCv54l07Xg$QImRmrVzYlcOGtIGzriLqZeo18qdQLj5HLsAZJvxjt0"
Result = TypeVar("Result")


class _Lane:
    """A few threads and a short queue."""

    def __init__(self, name: str, at_once: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, name)
        self._in_hand = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do it, unless too many wait already."""
        if self._in_hand >= MOST_WAITING:
            raise Throttled(
                "Too many people are signing in at this moment.", "Try again in a few seconds.", retry_after=3
            )
        self._in_hand += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._in_hand -= 1


_STRANGERS, _KNOWN = _Lane("argon2", AT_ONCE), _Lane("argon2-known", 1)


async def hash_password(password: str) -> str:
    """The hash to store.

    Raises:
        Throttled: too many are being computed already.
    """
    return await _KNOWN.run(lambda: _HASHER.hash(password))


async def matches(stored: str | None, password: str, *, known: bool = False) -> bool:
    """Whether the password belongs to the stored hash; without one it takes as long and is false. `known` is for whoever
    has signed in before with this browser.

    Raises:
        Throttled: too many are being computed already.
    """
    lane = _KNOWN if known else _STRANGERS
    return await lane.run(lambda: _verify(stored or _NOBODYS, password)) and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
