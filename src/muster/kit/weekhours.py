"""Hours of the week as people write them, such as Monday to Friday from 09:00 to 17:00, and whether a moment falls in them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from muster.kit.errors import Broken
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


def read_weekdays(written: object) -> frozenset[int]:
    """Weekdays from names and ranges, as a list (`[mon, wed-fri]`) or as a text (`Sat-Mon, wednesday`); 0 is Monday.

    Raises:
        Broken: an unknown day, or none at all.
    """
    parts = written.split(",") if isinstance(written, str) else written
    if not isinstance(parts, list | tuple) or not parts:
        raise Broken(
            f"`{written!s:.60}` names no weekdays.", "Write a list such as [Mon, Wed] or a range such as Mon-Fri."
        )
    days: set[int] = set()
    for part in parts:
        first, dash, last = str(part).partition("-")
        begin, end = read_weekday(first), read_weekday(last if dash else first)
        days.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(days)


def read_weekday(written: object) -> int:
    """A weekday from 0 (Monday), by its English name or its first three letters.

    Raises:
        Broken: anything else.
    """
    name = str(written).strip()
    for names in (DAYS, _LONG):
        if name.lower() in names:
            return names.index(name.lower())
    raise Broken(f"`{name:.40}` is not a weekday.", did_you_mean(name, DAYS))


def read_time(written: object, *, end_of_day: bool = True) -> time:
    """A time of day such as `09:00`; `24:00` is the end of the day where `end_of_day` may stand.

    Raises:
        Broken: anything else, also the number that YAML makes of 17:00 without quotes.
    """
    if isinstance(written, time) and written.tzinfo is None:
        return written
    if isinstance(written, int) and not isinstance(written, bool) and 0 <= written < 1440:
        fix = f'Write "{written // 60:02}:{written % 60:02}" in quotes.'
        raise Broken("YAML reads a time without quotes as a number.", fix)
    if written == "24:00" and end_of_day:
        return time(0)
    clock = _CLOCK.fullmatch(written) if isinstance(written, str) else None
    if clock is None:
        rule = f"`{written!s:.40}` is not a time of day."
        raise Broken(rule, 'Write hours and minutes from 00:00 to 23:59 in quotes, such as "09:00".')
    return time(int(clock[1]), int(clock[2]))


def clock_text(written: object) -> str:
    """A time of day that stays as it is written.

    Raises:
        Broken: it is none.
    """
    read_time(written)
    return str(written)


def weekdays_text(written: str) -> str:
    """A weekday or a range of them that stays as it is written.

    Raises:
        Broken: it is none.
    """
    read_weekdays(written)
    return written
