"""Muster's watch over its own way: what a synthetic page through each channel came to, and what follows from that. Pure.

A loop is closed where the message itself comes back to Muster; where that cannot be, the provider's account is asked, and
nobody is told more than that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from muster.paging.channel import Receipt, SendOutcome

EVERY = timedelta(minutes=5)
"""How often a synthetic page runs."""
AGAIN_AFTER = timedelta(seconds=20)
"""How soon one that failed is tried once more, before anybody is told."""
STALE = 3 * EVERY
"""How old the last one may be before its absence is trouble in itself."""
PATIENCE = timedelta(seconds=30)
"""How long one may be under way."""


class Loop(Protocol):
    """A channel's way out and back."""

    @property
    def closed(self) -> bool:
        """Whether the message itself comes back; else only the provider's account is asked."""
        ...

    async def prove(self, mark: UUID, now: datetime) -> Receipt | None:
        """Send a message marked so and wait until it is back: DELIVERED, else why not. None: there is nothing to try."""
        ...


@dataclass(frozen=True, slots=True)
class Round:
    """What the last synthetic page of a channel came to. `good_at` is when one last came back, `failing_since` when they
    began to fail, `failures` how many in a row; `told` whether those who watch over paging know."""

    channel: str
    closed: bool
    at: datetime
    took: timedelta
    good_at: datetime | None
    failing_since: datetime | None
    failures: int
    reason: str
    told: bool

    @property
    def broken(self) -> bool:
        """Whether it failed and failed again."""
        return self.failures >= 2

    def stale(self, now: datetime) -> bool:
        """Whether none ran for too long."""
        return now - self.at > STALE


@dataclass(frozen=True, slots=True)
class News:
    """What changed with a round: a channel `broke` or was `mended`, or neither."""

    round: Round
    broke: bool = False
    mended: bool = False


def follow(before: Round | None, channel: str, closed: bool, receipt: Receipt, at: datetime, took: timedelta) -> News:
    """What one more synthetic page makes of a channel's standing. The second failure in a row breaks it; the first that
    comes back mends it."""
    good = receipt.outcome is SendOutcome.DELIVERED or (not closed and receipt.outcome.sent)
    known = before.told if before else False
    if good:
        now = Round(channel, closed, at, took, at, None, 0, receipt.reason, False)
        return News(now, mended=known)
    failures = (before.failures if before else 0) + 1
    since = before.failing_since if before and before.failing_since else at
    good_at = before.good_at if before else None
    now = Round(channel, closed, at, took, good_at, since, failures, receipt.reason, known or failures >= 2)
    return News(now, broke=now.broken and not known)


def next_run(rounds: Mapping[str, Round], now: datetime) -> datetime:
    """When to look again: soon where something failed once."""
    once = any(each.failures == 1 for each in rounds.values())
    return now + (AGAIN_AFTER if once else EVERY)


def withheld(rounds: Mapping[str, Round], now: datetime) -> str:
    """Why the outside is to think that Muster is gone; empty while it can page."""
    closed = [each for each in rounds.values() if each.closed]
    if not closed:
        return ""
    if all(each.stale(now) for each in closed):
        return "No synthetic page ran lately."
    if all(each.broken for each in closed):
        return f"No synthetic page comes back any more: {', '.join(each.channel for each in closed)}."
    return ""
