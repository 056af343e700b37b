"""What being on call takes out of a life: nights, weekends and holidays on the person's own clock (R34).

A night lasts from 23:00 to 07:00, a weekend from Saturday 00:00 to Monday 00:00, a holiday from midnight to midnight, all on
the clocks of the person's zone: on the nights on which they jump a night is an hour shorter or longer, as it is for the
person. A night, weekend or holiday counts once four hours of it are on call.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from muster.kit.interval import Interval, union
from muster.kit.localtime import midnight, to_instant, to_local
from muster.oncall.calendars.calendar import CalendarKind
from muster.oncall.coverage.roster import Roster

NIGHT_FROM, NIGHT_TO = time(23), time(7)
ENOUGH = timedelta(hours=4)
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """Time on call as durations, and how many nights, weekends and holidays it took."""

    length: timedelta = timedelta(0)
    night: timedelta = timedelta(0)
    weekend: timedelta = timedelta(0)
    holiday: timedelta = timedelta(0)
    nights: int = 0
    weekends: int = 0
    holidays: int = 0


def measure(times: Sequence[Interval], zone: str, holidays: Collection[date] = ()) -> Measure:
    """What times on call came to for somebody who lives in a zone; times that overlap count once."""
    times = union(times)
    if not times:
        return Measure()
    nights, weekends, free = [], [], []
    for day in _days(times[0][0], times[-1][1], zone):
        nights.append((_instant(day, NIGHT_FROM, zone), _instant(day + _DAY, NIGHT_TO, zone)))
        if day.weekday() == _SATURDAY:
            weekends.append((midnight(day, zone), midnight(day + 2 * _DAY, zone)))
        if day in holidays:
            free.append((midnight(day, zone), midnight(day + _DAY, zone)))
    night, weekend, holiday = (_shares(times, frames) for frames in (nights, weekends, free))
    return Measure(
        length=sum((end - start for start, end in times), timedelta(0)),
        night=sum(night, timedelta(0)),
        weekend=sum(weekend, timedelta(0)),
        holiday=sum(holiday, timedelta(0)),
        nights=sum(share >= ENOUGH for share in night),
        weekends=sum(share >= ENOUGH for share in weekend),
        holidays=sum(share >= ENOUGH for share in holiday),
    )


def is_night(instant: datetime, zone: str) -> bool:
    """Whether people in a zone sleep."""
    clock = to_local(instant, zone).time()
    return clock >= NIGHT_FROM or clock < NIGHT_TO


def holidays_of(roster: Roster) -> set[date]:
    """The days that the calendars of a schedule's layers name as holidays."""
    calendars = (calendar for version in roster.versions for calendar in version.calendars.values())
    return {day for calendar in calendars if calendar.kind is CalendarKind.HOLIDAYS for day in calendar.days}


def _days(start: datetime, end: datetime, zone: str) -> Iterator[date]:
    """The local days that can matter: also those whose night or weekend began before."""
    day, last = to_local(start, zone).date() - 2 * _DAY, to_local(end, zone).date()
    while day <= last:
        yield day
        day += _DAY


def _instant(day: date, clock: time, zone: str) -> datetime:
    return to_instant(datetime.combine(day, clock), zone)


def _shares(times: Sequence[Interval], frames: Sequence[Interval]) -> list[timedelta]:
    """How much of each frame the times take; both are disjoint and in order."""
    shares, first = [], 0
    for begins, ends in frames:
        while first < len(times) and times[first][1] <= begins:
            first += 1
        share, at = timedelta(0), first
        while at < len(times) and times[at][0] < ends:
            share += min(ends, times[at][1]) - max(begins, times[at][0])
            at += 1
        shares.append(share)
    return shares
