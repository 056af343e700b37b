"""Who is on call by Grafana OnCall's rules, counted day by day from its shifts as they are exported."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import lcm
from typing import Any

from muster.importing.fields import instant, listed, local_time, number, seconds, text
from muster.importing.timeline import Duty
from muster.importing.vendor_coverage import NotComputable, VendorCoverage
from muster.kit.localtime import is_zone, to_instant

_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_MOST = 20_000


def vendor_rules(
    zone: str, shifts: Sequence[Mapping[str, Any]], swaps: Sequence[Mapping[str, Any]], start: datetime, end: datetime
) -> VendorCoverage:
    """Who is on call from `start` to `end`; `zone` is the schedule's.

    Raises:
        Unreckoned: a shift cannot be read.
    """
    levels: dict[int, list[Duty]] = {}
    above: list[Duty] = []
    for data in shifts:
        held = [stretch for stretch in _Shift(data, zone).held(start, end) if stretch[1] > start and stretch[0] < end]
        if text(data, "type") == "override":
            above += held
        else:
            levels.setdefault(number(data, "level") or 0, []).extend(held)
    ordered = [*(levels[level] for level in sorted(levels)), above]
    return VendorCoverage([_swapped(held, swaps) for held in ordered if held])


def _swapped(held: list[Duty], swaps: Sequence[Mapping[str, Any]]) -> list[Duty]:
    """With those who have taken somebody's shifts in their place."""
    for swap in swaps:
        gives, takes = text(swap, "beneficiary"), text(swap, "benefactor")
        since, until = instant(swap, "swap_start"), instant(swap, "swap_end")
        if not takes or since is None or until is None:
            continue
        after: list[Duty] = []
        for begins, ends, people in held:
            opens, shuts = max(begins, since), min(ends, until)
            if gives not in people or opens >= shuts:
                after.append((begins, ends, people))
                continue
            instead = [takes if person == gives else person for person in people]
            after += [(begins, opens, people), (opens, shuts, instead), (shuts, ends, people)]
        held = [stretch for stretch in after if stretch[0] < stretch[1]]
    return held


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose events begin at `first` and come again in every `step`-th period; `length` is that of each."""

    users: tuple[str, ...]
    first: datetime
    step: int
    length: timedelta
    weekday: int | None = None


class _Shift:
    """One shift of the export."""

    def __init__(self, data: Mapping[str, Any], zone: str) -> None:
        self.name = text(data, "name") or text(data, "id")
        self.zone = text(data, "time_zone") or zone or "UTC"
        if not is_zone(self.zone):
            raise NotComputable(f"`{self.zone:.60}`, the time zone of {self.name}, is no IANA name")
        begins, length = self.wall(data.get("start")), seconds(data, "duration")
        if begins is None or length is None:
            raise NotComputable(f"the start or the length of {self.name} cannot be read")
        self.begins, self.length = begins, length
        self.kind = text(data, "type")
        self.unit = text(data, "frequency").lower()
        self.every = number(data, "interval") or 1
        self.since = self.wall(data.get("rotation_start")) or begins
        until = self.wall(data.get("until"))
        self.until = until.replace(tzinfo=UTC) if until else None
        self.first_day = _WEEK.index(text(data, "week_start")) if text(data, "week_start") in _WEEK else 6
        named = [day for day in listed(data, "by_day") if isinstance(day, str)]
        self.weekdays = {_WEEK.index(day) for day in named if day in _WEEK}
        self.numbered = [
            (int(day[:-2]), _WEEK.index(day[-2:]))
            for day in named
            if day[-2:] in _WEEK and day[:-2].lstrip("+-").isdigit()
        ]
        self.months = {number({"": month}, "") for month in listed(data, "by_month")}
        self.month_days = {number({"": day}, "") for day in listed(data, "by_monthday")}
        rolling = [group for group in listed(data, "rolling_users") if isinstance(group, list)]
        groups = rolling or [listed(data, "users")]
        index = (number(data, "start_rotation_from_user_index") or 0) % max(1, len(groups))
        self.all_groups = len(groups)
        self.groups = [tuple(group) for group in groups[index:] + groups[:index] if group]
        if not self.groups:
            raise NotComputable(f"{self.name} has no users")
        if self.unit not in ("", "hourly", "daily", "weekly", "monthly") or (self.numbered and self.unit != "monthly"):
            raise NotComputable(f"the rule by which {self.name} repeats is not known")

    def wall(self, value: Any) -> datetime | None:
        """A time of the export, which is on the wall clock of the shift."""
        moment = local_time({"": value}, "")
        return moment.replace(tzinfo=None) if moment else None

    def held(self, start: datetime, end: datetime) -> Iterator[Duty]:
        """When whom."""
        since = to_instant(self.since, self.zone)
        for turn in self.turns():
            for moment in self.events(turn, end):
                opens = to_instant(moment, self.zone)
                if self.until is not None and opens > self.until and self.unit:
                    break
                yield max(opens, since), to_instant(moment + turn.length, self.zone), turn.users

    def events(self, turn: _Turn, end: datetime) -> Iterator[datetime]:
        """The beginnings of a turn's events up to `end`, by the day or the hour."""
        yield turn.first
        if not self.unit:
            return
        last = end.replace(tzinfo=None) + _DAY
        step = _HOUR * turn.step if self.unit == "hourly" else _DAY * (turn.step if self.weekday_free() else 1)
        moment = turn.first + step
        while moment < last:
            period = self.period(moment, turn) - self.period(turn.first, turn)
            if period % turn.step == 0 and self.hits(moment, turn.first, turn.weekday):
                yield moment
            moment += step

    def weekday_free(self) -> bool:
        """Whether every day of the right number is one: daily, without chosen days."""
        return self.unit == "daily" and not self.weekdays

    def period(self, moment: datetime, turn: _Turn | None = None) -> int:
        """The number of the hour, day, week or month in which a moment is."""
        if self.unit == "hourly":
            return moment.toordinal() * 24 + moment.hour
        if self.unit == "monthly":
            return moment.year * 12 + moment.month
        day = moment.toordinal() - 1
        weekly = self.unit == "weekly" or (turn is not None and turn.weekday is not None)
        return (day - self.first_day) // 7 if weekly else day

    def hits(self, moment: datetime, first: datetime, weekday: int | None = None) -> bool:
        """Whether the shift's rule allows this day."""
        if self.months and moment.month not in self.months:
            return False
        size = monthrange(moment.year, moment.month)[1]
        if self.month_days and not {moment.day, moment.day - size - 1} & self.month_days:
            return False
        if weekday is not None:
            return moment.weekday() == weekday
        if self.weekdays or self.numbered:
            at = moment.weekday()
            nth, from_last = (moment.day + 6) // 7, -((size - moment.day) // 7 + 1)
            return at in self.weekdays or (nth, at) in self.numbered or (from_last, at) in self.numbered
        if self.unit == "weekly":
            return moment.weekday() == first.weekday()
        return bool(self.month_days) or self.unit != "monthly" or moment.day == first.day

    def turns(self) -> list[_Turn]:
        """Each group with its first event."""
        if self.kind != "rolling_users" or not self.unit:
            return [self.turn(self.groups[0], self.begins, self.every)]
        begins = self.begins
        if self.since != begins and self.unit in ("weekly", "monthly"):
            begins = self.first_of_period(begins, begins)
        if self.weekdays and begins.weekday() not in self.weekdays:
            first = min(self.weekdays, key=lambda day: (day - self.first_day) % 7)
            begins += _DAY * ((first - begins.weekday()) % 7)
        if self.unit == "daily" and self.weekdays:
            return self.by_event_day(begins)
        found: list[_Turn] = []
        at, passed = begins, 0
        while len(found) < len(self.groups) and not self.over(at):
            if at + self.length > self.since:
                found.append(self.turn(self.groups[passed % len(self.groups)], at, self.every * self.all_groups))
            at, passed = self.following(at), passed + 1
            if passed > _MOST:
                raise NotComputable(f"{self.name} begins too long before it counts")
        return found

    def turn(self, users: tuple[str, ...], first: datetime, step: int, weekday: int | None = None) -> _Turn:
        """A turn; one whose first event would outlast `until` has events that are as short as that one becomes."""
        length = self.length
        if self.until is not None and self.unit and to_instant(first + length, self.zone) > self.until:
            length = max(timedelta(), min(length, self.until.replace(tzinfo=None) - first))
        return _Turn(users, first, step, length, weekday)

    def over(self, moment: datetime) -> bool:
        """Whether nothing begins any more."""
        return self.until is not None and to_instant(moment, self.zone) > self.until

    def following(self, at: datetime) -> datetime:
        """When the next group's turn begins."""
        if self.unit in ("weekly", "monthly"):
            earliest = at + _DAY
            while self.period(earliest) < self.period(at) + self.every:
                earliest += _DAY
            return self.first_of_period(earliest, at)
        step = (_HOUR if self.unit == "hourly" else _DAY) * self.every
        moment = at + step
        for _ in range(_MOST):
            if self.hits(moment, at):
                return moment
            moment += step
        raise NotComputable(f"{self.name} never comes again")

    def first_of_period(self, earliest: datetime, series: datetime) -> datetime:
        """The first event of a week or month that is not over before the shift counts; else where that week or month begins."""
        moment = earliest
        while self.period(moment) == self.period(earliest):
            fits = moment == series or self.hits(moment, series)
            if fits and moment + self.length > self.since and not self.over(moment):
                return moment
            moment += _DAY
        return earliest

    def by_event_day(self, begins: datetime) -> list[_Turn]:
        """Each group has `interval` of the chosen days in a row; after some weeks the same days are the same groups' again."""
        if self.months or self.month_days:
            raise NotComputable(f"{self.name} is daily on chosen weekdays of chosen months or dates")
        whole = lcm(self.every * len(self.groups), len(self.weekdays))
        days: list[datetime] = []
        moment = begins
        while len(days) <= whole and not self.over(moment):
            days += [moment] if moment.weekday() in self.weekdays else []
            moment += _DAY
        weeks = whole // len(self.weekdays)
        if len(days) <= whole:
            # Its cycle is counted from the days that there are, even where `until` cuts it before it begins anew.
            weeks = max(1, (days[-1] - days[0]).days // 7) if days else 1
        return [
            self.turn(self.groups[place // self.every % len(self.groups)], day, weeks, day.weekday())
            for place, day in enumerate(days[:whole])
        ]
