"""Whose turn it is to be sent: a fair share for each receiver, and only probes for one that hangs.

A message takes its receiver's turn before it takes one of the process's places. A receiver that keeps silent therefore holds
a few places at most, and after some silences in a row only one: all other messages to it go another way at once.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from muster.base.work import LeaseLost
from muster.paging.channel import Receipt
from muster.paging.origin import held_back, shown

PLACES = 256
"""Messages that this process sends at once."""
UNPROVEN, PROVEN = 8, 64
"""Places of a receiver that has not answered lately, and the most of one that answers."""
SILENCES = 5
"""After so many silences in a row a receiver is taken to hang."""
REMEMBERED = 10_000


@dataclass(slots=True)
class _Receiver:
    """What is known of one receiver."""

    places: int = UNPROVEN
    running: int = 0
    silent: int = 0
    waiting: deque["asyncio.Future[bool]"] = field(default_factory=deque)

    @property
    def hangs(self) -> bool:
        return self.silent >= SILENCES

    @property
    def room(self) -> int:
        return (1 if self.hangs else self.places) - self.running


@dataclass(slots=True)
class DeliveryTurn:
    """A message's turn. `held_back`: it must not be sent, and this is its receipt. `waited`: things may have changed since."""

    held_back: Receipt | None = None
    waited: bool = False
    receipt: Receipt | None = None


class Turns:
    """Of one process."""

    def __init__(self, places: int = PLACES) -> None:
        self._places, self._running = places, 0
        self._receivers: dict[str, _Receiver] = {}
        self._line: deque[str] = deque()
        self._closed = False

    @contextlib.asynccontextmanager
    async def turn(self, origin: str) -> AsyncIterator[DeliveryTurn]:
        """A turn at a receiver, or the receipt of there being none now; set its `receipt` to what came of the attempt.

        Raises:
            LeaseLost: the process ends, and nothing new is sent.
        """
        receiver = self._receiver(origin)
        turn = DeliveryTurn()
        if not await self._admitted(origin, receiver, turn):
            turn.held_back = held_back(shown(origin), receiver.silent)
            yield turn
            return
        try:
            yield turn
        finally:
            receiver.running -= 1
            self._running -= 1
            self._learn(receiver, turn.receipt)
            self._next()

    def close(self) -> None:
        """Let nothing new begin; who waits is freed."""
        self._closed = True
        for receiver in self._receivers.values():
            for future in receiver.waiting:
                if not future.done():
                    future.set_exception(LeaseLost("the process ends"))
            receiver.waiting.clear()

    def _receiver(self, origin: str) -> _Receiver:
        found = self._receivers.get(origin)
        if found is None:
            if len(self._receivers) >= REMEMBERED:
                self._receivers = {
                    name: receiver
                    for name, receiver in self._receivers.items()
                    if receiver.running or receiver.waiting or receiver.silent
                }
            found = self._receivers[origin] = _Receiver()
        return found

    async def _admitted(self, origin: str, receiver: _Receiver, turn: DeliveryTurn) -> bool:
        if self._closed:
            raise LeaseLost("the process ends")
        if receiver.hangs and receiver.running:
            return False
        if not receiver.waiting and receiver.room > 0 and self._running < self._places:
            self._begin(receiver)
            return True
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if not receiver.waiting:
            self._line.append(origin)
        receiver.waiting.append(future)
        turn.waited = True
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None and future.result():
                receiver.running -= 1
                self._running -= 1
                self._next()
            raise

    def _begin(self, receiver: _Receiver) -> None:
        receiver.running += 1
        self._running += 1

    def _learn(self, receiver: _Receiver, receipt: Receipt | None) -> None:
        if receipt is None:
            return
        if not receipt.unanswered:
            receiver.silent, receiver.places = 0, min(PROVEN, receiver.places + 2)
            return
        receiver.silent, receiver.places = receiver.silent + 1, UNPROVEN
        if receiver.hangs:
            for future in receiver.waiting:
                if not future.done():
                    future.set_result(False)
            receiver.waiting.clear()

    def _next(self) -> None:
        """Give places that are free to those in line, one receiver after the other."""
        passed = 0
        while self._line and self._running < self._places and passed < len(self._line):
            origin = self._line.popleft()
            receiver = self._receiver(origin)
            while receiver.waiting and receiver.waiting[0].done():
                receiver.waiting.popleft()
            if not receiver.waiting:
                continue
            if receiver.room > 0:
                self._begin(receiver)
                receiver.waiting.popleft().set_result(True)
                passed = 0
            else:
                passed += 1
            if receiver.waiting:
                self._line.append(origin)
