"""Lengths of turns that vendors give in seconds, and windows that they give as a start and a length."""

from datetime import date, datetime, time, timedelta

from muster.importing.report import ImportNote
from muster.oncall.schedules.schedule import Rotate, Window

_UNITS = ((Rotate.WEEKLY, timedelta(weeks=1)), (Rotate.DAILY, timedelta(days=1)), (Rotate.HOURLY, timedelta(hours=1)))
MOST_EVERY = 1000
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)


def unit_of(length: timedelta) -> tuple[Rotate, int] | None:
    """A length as whole weeks, days or hours; None where it is none of them."""
    for rotate, unit in _UNITS:
        if length >= unit and length % unit == timedelta() and length // unit <= MOST_EVERY:
            return rotate, length // unit
    return None


def step_of(rotate: Rotate) -> timedelta:
    """One unit of a rotation; a month has none."""
    return dict(_UNITS)[rotate]


def window(day: int, start: time, length: timedelta) -> Window | None:
    """From `start` on weekday `day` for `length`; None for a whole week or more, which is no restriction."""
    if length >= WEEK:
        return None
    begins = datetime.combine(date(2024, 1, 1), start)
    ends = begins + length
    return Window(day, start, (ends.date() - begins.date()).days, ends.time())


def whole_minutes(value: time, note: ImportNote) -> time:
    """A time of day without its seconds, with a loss where it had some."""
    if value.second or value.microsecond:
        note.lose(f"Muster's times have no seconds: {value:%H:%M:%S} becomes {value:%H:%M}.")
    return value.replace(second=0, microsecond=0)
