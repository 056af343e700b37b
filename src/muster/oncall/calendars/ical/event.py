"""One VEVENT as Muster needs it: naive local times with their zone, so that recurrence is counted on the wall clock."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from muster.kit.localtime import is_zone, to_instant, to_local

_DAY = timedelta(days=1)
_LAST = time(23, 59, 59)
_EAST = time(10)
"""Midnight in the zones east of Greenwich (to +14) is at 10:00 UTC or later of the day before."""


@dataclass(frozen=True, slots=True)
class Zone:
    """On whose clocks an event's times are: an IANA `name`, a `rule` that the file itself defines, or neither (floating)."""

    name: str = ""
    rule: tzinfo | None = None

    @property
    def floating(self) -> bool:
        """Whether its times belong to nobody's clocks."""
        return not self.name and self.rule is None

    def instant(self, local: datetime) -> datetime:
        """A local time as an aware UTC instant; a floating one as it is."""
        if self.name:
            return to_instant(local, self.name)
        return local.replace(tzinfo=self.rule).astimezone(UTC) if self.rule else local

    def local(self, moment: datetime) -> datetime:
        """An aware or local time on these clocks, naive."""
        if moment.tzinfo is None:
            return moment
        if self.name:
            return to_local(moment, self.name)
        return moment.astimezone(self.rule or UTC).replace(tzinfo=None)


def zone_of(moment: datetime) -> Zone:
    """The zone of a time that the iCalendar library has read."""
    if moment.tzinfo is None:
        return Zone()
    key = getattr(moment.tzinfo, "key", "UTC" if moment.tzinfo is UTC else "")
    return Zone(key) if key and is_zone(key) else Zone(rule=moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Mark:
    """A RECURRENCE-ID: which occurrence is meant (local to the event), and whether all after it too."""

    local: datetime
    day_only: bool
    and_future: bool


@dataclass(frozen=True, slots=True)
class Event:
    """`start` is naive and local to `zone`, at midnight where the event is `all_day`; it lasts `length` on the wall clock.

    `rules` are RRULE texts without UNTIL, with their last local time where they have one; `except_rules` take
    their times out again (EXRULE); `also` and `never` are the local
    times of RDATE (with their own length, if any) and EXDATE (days where only a day was given).
    """

    uid: str
    start: datetime
    length: timedelta
    zone: Zone
    all_day: bool
    title: str = ""
    attendees: tuple[str, ...] = ()
    organizer: str = ""
    sequence: int = 0
    cancelled: bool = False
    rules: tuple[tuple[str, datetime | None], ...] = ()
    except_rules: tuple[tuple[str, datetime | None], ...] = ()
    also: tuple[tuple[datetime, timedelta | None], ...] = ()
    never: frozenset[datetime | date] = frozenset()
    mark: Mark | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def moved(self, start: datetime) -> "Event":
        """The same at another time, once."""
        return replace(self, start=start, rules=(), except_rules=(), also=(), never=frozenset(), mark=None)


def local_of(value: Any, zone: Zone) -> datetime:
    """A date or time of the library, naive on the clocks of `zone`; a date is its midnight."""
    return zone.local(value) if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())


def length_of(component: Any, start: Any, zone: Zone) -> timedelta:
    """How long an event lasts on the wall clock: by DTEND, by DURATION, or a day for one of a whole day."""
    end, duration = component.get("DTEND"), component.get("DURATION")
    if end is not None and hasattr(end, "dt"):
        return local_of(end.dt, zone) - local_of(start, zone)
    if duration is not None and hasattr(duration, "dt") and isinstance(duration.dt, timedelta):
        return duration.dt
    return timedelta(0) if isinstance(start, datetime) else _DAY


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
