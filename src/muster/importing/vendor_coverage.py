"""Who is on call by a vendor's own rules, counted from its export alone: what Muster's coverage is compared with.

A reckoning shares nothing with what makes layers of an export, so that what is misread there is not misread here as well.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muster.importing.timeline import Duty
from muster.kit.localtime import to_instant, to_local


@dataclass(slots=True)
class VendorCoverage:
    """Users by the export's ids or user names: the people of a later level hide those of the earlier ones."""

    levels: list[list[Duty]] = field(default_factory=list)


class NotComputable(Exception):
    """Why it cannot be said who is on call; `reason` is a clause."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Reckon = Callable[[datetime, datetime], VendorCoverage]
"""Who is on call from the one to the other; it raises Unreckoned where that cannot be told."""


def turns_between(
    first: datetime, length: timedelta, zone: str, start: datetime, end: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """The turns that follow each other on the wall clock from the local `first` on: their numbers, beginnings and ends."""
    turn = max(0, (to_local(start, zone) - first) // length - 1)
    begins = to_instant(first + turn * length, zone)
    while begins < end:
        ends = to_instant(first + (turn + 1) * length, zone)
        if ends > start:
            yield turn, begins, ends
        turn, begins = turn + 1, ends


def without(held: list[Duty], start: datetime, end: datetime) -> list[Duty]:
    """What is left of the times when those from `start` to `end` are taken out."""
    parts = [
        part for since, until, who in held for part in ((since, min(until, start), who), (max(since, end), until, who))
    ]
    return [part for part in parts if part[0] < part[1]]
