"""How often a person may do what costs money, wakes people or reads everything: a few at once, then one at a time.

Kept in the memory of a node: what it bounds is a flood, and a few more from another node are none. Nothing that answers a page
has a budget.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from muster.kit.errors import Throttled

MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Budget:
    """`at_once` of something, and one more every `seconds`. `what` is a plural for people."""

    what: str
    at_once: int
    seconds: float


CODES = Budget("codes", 6, 60)
TESTS = Budget("test messages", 10, 30)
REPORTS = Budget("reports", 30, 20)
TOKENS = Budget("new tokens", 20, 60)
EXPORTS = Budget("exports", 20, 10)
SIMULATIONS = Budget("simulations", 60, 2)
VERIFICATIONS = Budget("verifications", 6, 30)


class Budgets:
    """What is left of everybody's budgets on this node."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, who: str, budget: Budget) -> None:
        """One more of it.

        Raises:
            Throttled: too many for the time; the detail says when the next is free.
        """
        now = self._monotonic()
        if len(self._left) > MOST_REMEMBERED:
            self._left.clear()
        left, at = self._left.get((who, budget.what), (float(budget.at_once), now))
        left = min(float(budget.at_once), left + (now - at) / budget.seconds)
        if left < 1:
            wait = int((1 - left) * budget.seconds) + 1
            raise Throttled(
                f"Too many {budget.what} at once.",
                f"At most {budget.at_once} at once, then one every {budget.seconds:.0f} seconds. Try again in {wait} seconds.",
                retry_after=wait,
            )
        self._left[who, budget.what] = left - 1, now
