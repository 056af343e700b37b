"""Damping of alerts that come and go: the first times page, the rest is held until it stays, and says so (R45, R51)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

OFTEN = 4
WITHIN = timedelta(minutes=15)
STAYS = timedelta(minutes=5)


def damping(began: Sequence[datetime], now: datetime) -> str:
    """Why an alert that begins now is held until it stays, from when it `began` before; empty where it is not.

    It is when this is at least the fifth beginning within a quarter of an hour.
    """
    recent = sum(now - WITHIN < at <= now for at in began)
    if recent < OFTEN:
        return ""
    minutes = int(WITHIN.total_seconds() // 60)
    hold = int(STAYS.total_seconds() // 60)
    return f"Flapping: began {recent + 1} times within {minutes} min. It pages if it still fires after {hold} min."
