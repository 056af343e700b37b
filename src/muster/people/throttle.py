"""The brake on guessing: pauses that grow with each failure, for what the failures are counted for (pure).

The pause of an account is short at its longest, so that somebody who guesses at it cannot keep its owner out for long even
from a browser that is new; at one guess a minute a password within the rules stays out of reach. An address waits longer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Bound:
    """`free` failures cost nothing; from then on the pause doubles from one second up to `longest`."""

    free: int
    longest: timedelta


PAIR = Bound(free=5, longest=timedelta(minutes=1))
"""One account from one address."""

ACCOUNT = Bound(free=20, longest=timedelta(minutes=1))
"""One account from anywhere, by browsers that are not known."""

OWN = Bound(free=5, longest=timedelta(minutes=1))
"""Somebody who is known already: by their browser, or signed in."""

SECOND = Bound(free=5, longest=timedelta(minutes=15))
"""The second step: six digits are few."""

ADDRESS = Bound(free=20, longest=timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row it went wrong, and when last."""

    count: int
    last: datetime


def pause(bound: Bound, count: int) -> timedelta:
    """What must pass after the failure number `count`."""
    over = count - bound.free
    if over < 0:
        return timedelta(0)
    return min(bound.longest, timedelta(seconds=2 ** min(over, 20)))


def wait(bound: Bound, failures: Failures | None, now: datetime) -> timedelta:
    """How long until the next attempt counts; zero when it may come now."""
    if failures is None or now - failures.last >= FORGOTTEN_AFTER:
        return timedelta(0)
    return max(timedelta(0), failures.last + pause(bound, failures.count) - now)


def after_failure(failures: Failures | None, now: datetime) -> Failures:
    """The record once one more has gone wrong; after a day of quiet counting begins anew."""
    if failures is None or now - failures.last >= FORGOTTEN_AFTER:
        return Failures(1, now)
    return Failures(failures.count + 1, now)
