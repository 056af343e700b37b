"""Argon2id (RFC 9106) off the event loop: few at once, since each takes 64 MiB, and a short queue, since each takes time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from muster.kit.errors import Throttled

AT_ONCE, MOST_WAITING = 2, 8

_HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_POOL = ThreadPoolExecutor(AT_ONCE, "argon2")
# Of a password that nobody knows, with the parameters above: comparing with it takes as long as with a real one.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$saVGbvABkzJMZCv54l07Xg$QImRmrVzYlcOGtIGzriLqZeo18qdQLj5HLsAZJvxjt0"
Result = TypeVar("Result")
_in_hand = 0


async def hash_password(password: str) -> str:
    """The hash to store.

    Raises:
        Throttled: too many are being computed already.
    """
    return await _run(lambda: _HASHER.hash(password))


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash; without one it takes as long and is false.

    Raises:
        Throttled: too many are being computed already.
    """
    return await _run(lambda: _verify(stored or _NOBODYS, password)) and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _run(work: Callable[[], Result]) -> Result:
    global _in_hand
    if _in_hand >= MOST_WAITING:
        raise Throttled("Too many people are signing in at this moment.", "Try again in a few seconds.", retry_after=3)
    _in_hand += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, work)
    finally:
        _in_hand -= 1
