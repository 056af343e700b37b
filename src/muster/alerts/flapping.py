"""Damping of alerts that come and go: the first times page, the rest is held until it stays, and says so (R45, R51)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

OFTEN = 4
WITHIN = timedelta(minutes=15)
STAYS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Damping:
    """The alert is held; it pages after all if it still fires at `until`."""

    until: datetime
    reason: str


def damping(began: Sequence[datetime], now: datetime) -> Damping | None:
    """Whether an alert that begins now is to be damped, from when it `began` before.

    It is when this is at least the fifth beginning within a quarter of an hour.
    """
    recent = sum(now - WITHIN < at <= now for at in began)
    if recent < OFTEN:
        return None
    minutes = int(WITHIN.total_seconds() // 60)
    hold = int(STAYS.total_seconds() // 60)
    reason = f"Flapping: began {recent + 1} times within {minutes} min. It pages if it still fires after {hold} min."
    return Damping(now + STAYS, reason)
