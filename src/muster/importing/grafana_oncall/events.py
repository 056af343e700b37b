"""Grafana OnCall's shifts as events, group by group, by the rules by which it makes an iCalendar of them.

Each group of a shift has a series of its own: it begins where the group's first turn does, and repeats every `interval` times the
number of groups. A series' first event counts even where the rule does not meet it. `until` ends the beginnings: what began
before it runs to its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from dateutil.rrule import rrulestr

from muster.importing.export import Recurrence
from muster.importing.fields import listed, local_time, number, seconds, text
from muster.kit.localtime import to_instant, to_local

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNITS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1)}
FREQUENCIES = ("hourly", "daily", "weekly", "monthly")
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_MOST_TURNS = 3000
MOST_GROUPS = 200


def local(value: Any, zone: str) -> datetime | None:
    """A time of a shift on the wall clock of its zone."""
    moment = local_time({"": value}, "")
    return to_local(moment, zone) if moment is not None and moment.tzinfo else moment


def groups_of(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """Who is on call together, group after group, beginning with the first whose turn it is."""
    rolling = listed(data, "rolling_users")
    groups = rolling if text(data, "type") == "rolling_users" or rolling else [listed(data, "users")]
    found = [
        tuple(dict.fromkeys(user for user in group if isinstance(user, str)))[:20]
        for group in groups
        if isinstance(group, list)
    ]
    first = (number(data, "start_rotation_from_user_index") or 0) % max(1, len(found))
    return found[first:] + found[:first]


def events_of(data: dict[str, Any], zone: str) -> list[Recurrence]:
    """The series of a shift; none where its times or its rule cannot be read."""
    begin, length = local(data.get("start"), zone), seconds(data, "duration")
    groups = groups_of(data)
    frequency = text(data, "frequency").lower()
    every = number(data, "interval") or 1
    if begin is None or length is None or not any(groups):
        return []
    if text(data, "type") == "single_event" or not frequency:
        return [Recurrence(groups[0], begin, length)]
    if frequency not in FREQUENCIES or not 1 <= every <= 1000 or len(groups) > MOST_GROUPS:
        return []
    rule = _Rule(
        frequency, every, _chosen(data), _numbers(data, "by_month"), _numbers(data, "by_monthday"), _week_start(data)
    )
    ends = local(data.get("until"), "UTC")
    wanted = local(data.get("rotation_start"), zone) or begin
    # A group without users takes no turn, and still lengthens the interval.
    shift = _Series(rule, zone, begin, length, [group for group in groups if group], every * len(groups), wanted, ends)
    try:
        return shift.rolling() if text(data, "type") == "rolling_users" else shift.together()
    except (ValueError, OverflowError):
        return []


def _chosen(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(day.upper() for day in listed(data, "by_day") if isinstance(day, str) and day[-2:].upper() in DAYS)


def _numbers(data: dict[str, Any], key: str) -> tuple[int, ...]:
    return tuple(
        int(entry) for entry in listed(data, key) if isinstance(entry, int) or str(entry).lstrip("-").isdecimal()
    )


def _week_start(data: dict[str, Any]) -> int:
    named = text(data, "week_start").upper()
    return DAYS.index(named) if named in DAYS else DAYS.index("SU")


@dataclass(frozen=True, slots=True)
class _Rule:
    frequency: str
    every: int
    days: tuple[str, ...]
    months: tuple[int, ...]
    month_days: tuple[int, ...]
    first_day: int

    def text(self, every: int, *, frequency: str = "", days: Sequence[str] | None = None) -> str:
        """The rule with another interval, or for some of its days."""
        chosen = self.days if days is None else days
        parts = [f"FREQ={(frequency or self.frequency).upper()}", f"INTERVAL={every}", f"WKST={DAYS[self.first_day]}"]
        parts += [f"BYDAY={','.join(chosen)}"] if chosen else []
        parts += [f"BYMONTH={','.join(map(str, self.months))}"] if self.months else []
        parts += [f"BYMONTHDAY={','.join(map(str, self.month_days))}"] if self.month_days else []
        return ";".join(parts)

    def from_(self, start: datetime, every: int) -> Iterator[datetime]:
        """When it recurs from `start` on, which itself counts."""
        yield start
        far = start + timedelta(days=366 * 8)
        for moment in rrulestr(self.text(every), dtstart=start).replace(until=far):  # type: ignore[union-attr]
            if moment > start:
                yield moment

    def next_period(self, start: datetime) -> datetime:
        """Where the next turn can begin at the earliest."""
        if self.frequency in UNITS:
            return start + UNITS[self.frequency]
        if self.frequency == "weekly":
            return self.last_of_week(start) + _DAY + _WEEK * (self.every - 1)
        months = start.year * 12 + start.month - 1 + self.every
        return start.replace(year=months // 12, month=months % 12 + 1, day=1)

    def last_of_week(self, start: datetime) -> datetime:
        """The last day of the week, at the same time."""
        return start + timedelta(days=6 - (start.weekday() - self.first_day) % 7)

    def last_day(self, start: datetime) -> datetime | None:
        """The last day of the week or the month in which a turn begins, at the same time."""
        if self.frequency == "weekly":
            return self.last_of_week(start)
        if self.frequency == "monthly":
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
            return following - _DAY
        return None


@dataclass(frozen=True, slots=True)
class _Series:
    rule: _Rule
    zone: str
    begin: datetime
    length: timedelta
    groups: list[tuple[str, ...]]
    interval: int
    counts_from: datetime
    until: datetime | None

    def together(self) -> list[Recurrence]:
        """One series for everybody, as a recurrent event is."""
        return [self.series(self.groups[0], self.begin, self.rule.text(self.rule.every))]

    def rolling(self) -> list[Recurrence]:
        """A series for each group, from the first turn of which something counts."""
        start: datetime | None = self.begin
        if self.counts_from != self.begin:
            start = self.found(self.begin, self.begin, self.rule.every)
        if start is not None and self.rule.days and DAYS[start.weekday()] not in self.rule.days:
            start = self.on_chosen_day(start)
        if self.rule.frequency == "daily" and self.rule.days:
            return self.by_event(start)
        made: list[Recurrence] = []
        turn, start = self.skipped(start)
        while start is not None and len(made) < len(self.groups) and turn < _MOST_TURNS * len(self.groups):
            if start + self.length > self.counts_from:
                made.append(self.series(self.groups[turn % len(self.groups)], start, self.rule.text(self.interval)))
            start = self.found(start, self.rule.next_period(start), self.rule.every)
            turn += 1
        return [event for event in made if event.users and event.length > timedelta()]

    def skipped(self, start: datetime | None) -> tuple[int, datetime | None]:
        """Past the even turns of hours or days that are over before anything counts."""
        plain = not (self.rule.days or self.rule.months or self.rule.month_days)
        if start is None or self.rule.frequency not in UNITS or not plain:
            return 0, start
        step = UNITS[self.rule.frequency] * self.rule.every
        turns = max(0, (self.counts_from - self.length - start) // step)
        return turns, start + turns * step

    def on_chosen_day(self, start: datetime) -> datetime:
        """The first chosen day of a week, as the shift's week begins: that is where a start beside the chosen days goes."""
        order = [DAYS[(self.rule.first_day + day) % 7] for day in range(7)]
        first = next((day for day in order if day in self.rule.days), None)
        return start if first is None else start + timedelta(days=(DAYS.index(first) - start.weekday()) % 7)

    def found(self, series_from: datetime, earliest: datetime, every: int) -> datetime | None:
        """The first event of the series in the period of `earliest`; else where the period begins. None behind `until`."""
        last = self.rule.last_day(earliest)
        chosen = earliest
        for moment in self.rule.from_(series_from, every):
            if self.over(moment) or (last is not None and moment > last):
                break
            if moment >= earliest and (last is None or moment + self.length > self.counts_from):
                chosen = moment
                break
        return None if self.over(chosen) else chosen

    def over(self, moment: datetime) -> bool:
        return self.until is not None and to_instant(moment, self.zone) > self.until.replace(tzinfo=UTC)

    def by_event(self, start: datetime | None) -> list[Recurrence]:
        """Groups change with the events of chosen days, each after `interval` of them: a series for each group and day."""
        seen: dict[tuple[int, str, int], datetime] = {}
        first = latest = start
        for group, place in islice(
            ((group, place) for group in cycle(range(len(self.groups))) for place in range(self.rule.every)), 5000
        ):
            if start is None:
                break
            latest = start
            key = group, DAYS[start.weekday()], place
            if key[1] in self.rule.days:
                if key in seen:
                    break
                seen[key] = start
            start = self.found(start, start + _DAY, 1)
        weeks = ((latest - first).days // 7 or 1) if first and latest else 1
        return [
            self.series(self.groups[group], begins, self.rule.text(weeks, frequency="weekly", days=(day,)))
            for (group, day, _), begins in seen.items()
        ]

    def series(self, users: tuple[str, ...], start: datetime, rule: str) -> Recurrence:
        """A series of events; one that begins so late that `until` cuts its first event is as short as that one."""
        length = self.length
        if self.until is not None and self.over(start + length):
            length = min(length, self.until - start)
        return Recurrence(users, start, length, rule, self.until.replace(tzinfo=UTC) if self.until else None)
