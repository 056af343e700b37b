"""Bodies on their way in: each within a size, a deadline and a least speed, all together within a bound of memory.

A body is read before anything is held for its request, so a sender that never finishes costs a socket and a few kilobytes.
What is small passes even when the memory for bodies is spent: an acknowledgement is never in the way of a flood.
"""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from muster.base.web.problems import too_large
from muster.kit.errors import TooSlow, Unavailable

PATIENCE = 10.0
LEAST_SPEED = 32 * 1024
"""Bytes a second that keep a body welcome after its first `PATIENCE` seconds."""
SMALL = 16 * 1024
MIB = 1024 * 1024
SLICE = "muster.inflow"
Part = TypeVar("Part")


class Gone(OSError):
    """The other side hung up before all was said."""


class BodyBudget:
    """How many bytes of bodies may be held at once."""

    def __init__(self, most: int) -> None:
        self.most, self.held = most, 0

    def take(self, size: int) -> None:
        """Hold so many more.

        Raises:
            Unavailable: that would be too many.
        """
        if self.held + size > self.most:
            raise Unavailable("Too much is being sent to Muster at this moment.", "Try again in a few seconds.")
        self.held += size

    def give(self, size: int) -> None:
        """They are held no longer."""
        self.held -= size


class Inflow:
    """One body: how much of it came, and how long the next part may take."""

    def __init__(self, limit: int, allowance: BodyBudget) -> None:
        self.limit, self.size = limit, 0
        self._announced = 0
        self._allowance, self._counted = allowance, 0
        self._began = time.monotonic()

    def declared(self, length: str) -> None:
        """Refuse by the Content-Length alone what would be too large.

        Raises:
            TooLarge: it is above the limit.
        """
        if length.isdecimal() and (len(length) > 18 or int(length) > self.limit):
            raise too_large(self.limit)
        self._announced = int(length) if length.isdecimal() else 0

    def check_whole(self) -> None:
        """Take no part for the whole.

        Raises:
            Gone: the body is shorter than was announced.
        """
        if self.size < self._announced:
            raise Gone("the sender went away")

    def take(self, size: int) -> None:
        """So many bytes came.

        Raises:
            TooLarge: the body is above its limit. Unavailable: all bodies together are.
        """
        self.size += size
        if self.size > self.limit:
            raise too_large(self.limit)
        if (more := max(0, self.size - SMALL) - self._counted) > 0:
            self._allowance.take(more)
            self._counted += more

    async def wait(self, part: Awaitable[Part]) -> Part:
        """The next part, if it comes in time.

        Raises:
            TooSlow: it does not.
        """
        left = self._began + PATIENCE + self.size / LEAST_SPEED - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await part
        except TimeoutError:
            raise TooSlow(
                "The request's body came too slowly.",
                f"Send it within {PATIENCE:.0f} seconds, or at {LEAST_SPEED // 1024} KB a second.",
            ) from None

    async def read(self, parts: AsyncIterator[bytes]) -> bytes:
        """All of a body that arrives in parts.

        Raises:
            TooLarge, TooSlow, Unavailable, Gone: see above.
        """
        found: list[bytes] = []
        while True:
            try:
                part = bytes(await self.wait(_next(parts)))
            except StopAsyncIteration:
                self.check_whole()
                return b"".join(found)
            self.take(len(part))
            found.append(part)

    def release(self) -> None:
        """The body is held no longer."""
        self._allowance.give(self._counted)
        self._counted = 0


def memory_for_bodies() -> int:
    """64 MiB, or less where the process itself may have little."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return 64 * MIB if limit == resource.RLIM_INFINITY else max(8 * MIB, min(64 * MIB, limit // 32))


async def _next(parts: AsyncIterator[bytes]) -> bytes:
    return await anext(parts)
