"""Large requests in parts, so that a sender with thousands of alerts takes turns with everybody else's few."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

from muster.alerts.actions.receive import Item
from muster.alerts.alert import Alert
from muster.base.batcher import Batcher
from muster.kit.clock import Clock
from muster.kit.ids import new_id

Flush = Callable[[Sequence[Item]], Awaitable[Sequence[list[Alert | None] | BaseException]]]

LARGEST_PART = 256
"""Alerts of one request that one transaction takes."""
LARGEST_BATCH = 1024
"""Alerts of all requests that one transaction takes; a few senders of large requests share it."""


def weight(item: Item) -> int:
    """How much of a transaction a request takes."""
    return max(1, len(item.parsed.signals))


def sender(item: Item) -> UUID:
    """With whom a request takes turns."""
    return item.integration.id


def parts_of(item: Item, raw_id: UUID) -> list[Item]:
    """A request in parts; the first one brings its raw form, stored as `raw_id`, and all that is no signal."""
    signals = item.parsed.signals
    if len(signals) <= LARGEST_PART:
        return [item]
    cuts = [signals[at : at + LARGEST_PART] for at in range(0, len(signals), LARGEST_PART)]
    first = replace(item, parsed=replace(item.parsed, signals=cuts[0]), raw_id=item.signal_id or raw_id)
    rest = replace(item.parsed, changes=(), confirmation=None)
    return [first, *(replace(item, parsed=replace(rest, signals=cut), signal_id=first.raw_id) for cut in cuts[1:])]


class Batches:
    """Requests on their way into transactions; see `Batcher`."""

    def __init__(self, flush: Flush, clock: Clock, linger: float, patience: float) -> None:
        self._clock = clock
        self._batcher: Batcher[Item, list[Alert | None]] = Batcher(
            flush, 256, linger, patience, weight=weight, most=LARGEST_BATCH, sender=sender
        )

    async def submit(self, item: Item) -> list[Alert | None]:
        """Store a request, part after part; the alerts of all of them, once all are durable.

        Raises:
            TimeoutError: a part was not stored in time.
        """
        known: list[Alert | None] = []
        for part in parts_of(item, new_id(self._clock.now())):
            known += await self._batcher.submit(part)
        return known
