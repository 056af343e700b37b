"""Hours of the week as people write them, such as Monday to Friday from 09:00 to 17:00, and whether a moment falls in them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from muster.kit.nearest import did_you_mean

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class WeekHours:
    """From `start` until just before `end` on each of `days` (0 is Monday); where `end` is not after `start`, until `end` on
    the next day. Equal times mean the whole day."""

    days: frozenset[int]
    start: time
    end: time

    def hold(self, local: datetime, days_off: Collection[date] = ()) -> bool:
        """Whether a local moment falls in them. A day off is none of the days, whole nights that begin on it included."""
        clock, today = local.time(), local.date()
        if self.start < self.end:
            return self._begin(today, days_off) and self.start <= clock < self.end
        yesterday = today - timedelta(days=1)
        return (self._begin(today, days_off) and clock >= self.start) or (
            self._begin(yesterday, days_off) and clock < self.end
        )

    def _begin(self, day: date, days_off: Collection[date]) -> bool:
        return day.weekday() in self.days and day not in days_off


def read_weekdays(parts: Sequence[str]) -> frozenset[int]:
    """Weekdays from names and ranges: `mon`, `mon-fri`, `sat-mon`.

    Raises:
        ValueError: the rule, then the fix, as two sentences.
    """
    found: set[int] = set()
    for part in parts:
        first, dash, last = (each.strip().lower() for each in part.partition("-"))
        begin, end = _day(first), _day(last if dash else first)
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(found)


def read_time(text: str) -> time:
    """A time of day such as `09:00`; `24:00` is the end of the day.

    Raises:
        ValueError: the rule, then the fix, as two sentences.
    """
    if text == "24:00":
        return time(0)
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(f'`{text:.40}` is not a time of day. Write hours and minutes in quotes, such as "09:00".')
    return time(int(found[1]), int(found[2]))


def _day(name: str) -> int:
    for names in (DAYS, _LONG):
        if name in names:
            return names.index(name)
    raise ValueError(f"`{name:.40}` is not a weekday. {did_you_mean(name, DAYS)}")
