"""Whole days as programs really write them: Exchange gives the exceptions and ends of a whole-day series as instants. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from muster.oncall.calendars.ical.event import Zone

_DAY = timedelta(days=1)
_LAST = time(23, 59, 59)
_EAST = time(10)
"""Midnight in the zones east of Greenwich (to +14) is at 10:00 UTC or later of the day before."""


def day_of(value: date, home: Zone) -> date:
    """The day that a date or an instant means for a whole-day event; `home` is the zone of the file, if it names one.

    A local time means its own day. An instant in UTC is read on the clocks of `home`; without them, one that can be a midnight
    east of Greenwich is taken for it.
    """
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None or value.utcoffset() != timedelta(0):
        return value.date()
    if value.time() in (time(0), _LAST):
        return value.date()
    if not home.floating:
        return home.local(value).date()
    return value.date() + (_DAY if value.time() >= _EAST else timedelta(0))


def last_day_of(until: date, home: Zone) -> date:
    """The last day of a whole-day series by its UNTIL. In doubt the later one: doubt ends no shift.

    A UNTIL at the very end of a local day means that day; one at any other time may mean the day that it is written for.
    """
    day = day_of(until, home)
    if not isinstance(until, datetime) or until.tzinfo is None:
        return day
    local = home.local(until).time() if not home.floating else None
    if local in (time(0), _LAST):
        return day
    return max(day, until.astimezone(UTC).date())


def whole_days(length: timedelta) -> timedelta:
    """The length of a whole-day event: at least one day, and no part of one."""
    return max(_DAY, -(-length // _DAY) * _DAY)
