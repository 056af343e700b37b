"""Coalesces concurrent callers into one flush at a time, so that many requests share one transaction and one fsync."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Hashable, Sequence
from itertools import zip_longest
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """While one flush runs, newcomers gather; the next flush takes them all (at most `limit`).

    Under no load an item is flushed at once; under load the batch grows by itself, and with `linger` (seconds) it waits at
    most so long for those who were just answered, since senders often come again at once. `flush` returns one result an item, in
    order, an exception standing for an item's own failure; if `flush` raises, every item of that batch gets that error.

    With `patience` (seconds) a caller waits no longer for a result. The flush that hangs is left to itself, and may still do
    what it was to do; whoever comes later does not stand behind it.

    A batch weighs at most `most` (but takes one item in any case), and when not all fit in, senders take turns: who sends
    much waits longer for it, and nobody else does.
    """

    def __init__(
        self,
        flush: Callable[[Sequence[Item]], Awaitable[Sequence[Result | BaseException]]],
        limit: int = 512,
        linger: float = 0.0,
        patience: float | None = None,
        *,
        weight: Callable[[Item], int] = lambda item: 1,
        most: int = sys.maxsize,
        sender: Callable[[Item], Hashable] = lambda item: None,
    ) -> None:
        self._flush, self._limit, self._linger, self._patience = flush, limit, linger, patience
        self._weight, self._most, self._sender = weight, most, sender
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._expected, self._there = 0, asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Hand one item over and wait for its result.

        Raises:
            TimeoutError: it did not come in time.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._waiting) >= self._expected:
            self._there.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        if self._patience is None:
            return await future
        task = self._task
        try:
            async with asyncio.timeout(self._patience):
                return await future
        except TimeoutError:
            if self._task is task:
                self._task = None
            raise

    async def _run(self) -> None:
        # Yield once, so that everybody who is ready in this turn of the loop joins the first batch.
        await asyncio.sleep(0)
        while self._waiting:
            batch = self._take()
            if self._patience is not None:
                # Whose patience has ended has been told that nothing came of it.
                batch = [(item, future) for item, future in batch if not future.cancelled()]
            if not batch:
                continue
            try:
                results = await self._flush([item for item, _ in batch])
            except Exception as error:
                results = [error] * len(batch)
            for (_, future), result in zip(batch, results, strict=True):
                if future.done():
                    continue
                if isinstance(result, BaseException):
                    future.set_exception(result)
                else:
                    future.set_result(result)
            if self._waiting and self._linger:
                await self._gather(len(self._waiting) + len(batch))

    def _take(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """The next batch: all who wait if they fit in, else senders take turns, the one that waits longest first."""
        waiting = self._waiting
        if len(waiting) <= self._limit and sum(self._weight(item) for item, _ in waiting) <= self._most:
            self._waiting = []
            return waiting
        lines: dict[Hashable, list[int]] = {}
        for place, (item, _) in enumerate(waiting):
            lines.setdefault(self._sender(item), []).append(place)
        taken: dict[int, None] = {}
        room = self._most
        for place in (place for turn in zip_longest(*lines.values()) for place in turn if place is not None):
            room -= self._weight(waiting[place][0])
            if taken and (room < 0 or len(taken) >= self._limit):
                break
            taken[place] = None
        self._waiting = [entry for place, entry in enumerate(waiting) if place not in taken]
        return [waiting[place] for place in sorted(taken)]

    async def _gather(self, expected: int) -> None:
        """Wait until so many are there, but not for long."""
        self._expected = min(expected, self._limit)
        self._there.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._there.wait(), self._linger)
