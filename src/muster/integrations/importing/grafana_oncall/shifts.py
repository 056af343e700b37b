"""Grafana OnCall's shifts as rotations: events that repeat, and the users who take them in turn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import gcd
from typing import Any

from muster.integrations.importing.export import Replacement, Rotation
from muster.integrations.importing.reading import listed, local_time, number, seconds, text
from muster.integrations.importing.report import Note
from muster.integrations.importing.turns import DAY, MOST_EVERY, WEEK, whole_minutes, window
from muster.integrations.importing.zones import zone_of
from muster.kit.localtime import to_instant, to_local
from muster.oncall.schedule import Rotate, Window

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LENGTH = {"hourly": timedelta(hours=1), "daily": DAY, "weekly": WEEK}
_UNIT = {"hourly": Rotate.HOURLY, "daily": Rotate.DAILY, "weekly": Rotate.WEEKLY, "monthly": Rotate.MONTHLY}
MOST_TURNS = 200


def read_shift(data: dict[str, Any], schedule_zone: str, note: Note) -> list[Rotation]:
    """The rotations that a shift is; none, with a loss, where Muster cannot say it. Overrides are read elsewhere."""
    name = text(data, "name") or text(data, "id") or "shift"
    zone = zone_of(text(data, "time_zone"), note, schedule_zone)
    begin, length = _local(data.get("start"), zone), seconds(data, "duration")
    groups = _groups(data)
    if begin is None or length is None or not any(groups):
        note.lose(f"The shift {name} is left out: its start, its length or its users cannot be read.")
        return []
    begin = datetime.combine(begin, whole_minutes(begin.time(), note))
    return _Shift(data, name, zone, begin, length, groups, note).rotations()


def read_override(data: dict[str, Any], schedule_zone: str, note: Note) -> Replacement | None:
    """A shift that stands in place of the others for once."""
    zone = zone_of(text(data, "time_zone"), note, schedule_zone)
    begin, length = _local(data.get("start"), zone), seconds(data, "duration")
    users = tuple(user for group in _groups(data) for user in group)
    if begin is None or length is None or not users:
        note.lose("An override is left out: its start, its length or its users cannot be read.")
        return None
    start = to_instant(begin, zone)
    return Replacement(users, start, start + length, (), text(data, "id"))


def _groups(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """Who is on call together, group after group."""
    rolling = listed(data, "rolling_users")
    groups = rolling if text(data, "type") == "rolling_users" or rolling else [listed(data, "users")]
    return [
        tuple(dict.fromkeys(user for user in group if isinstance(user, str)))[:20]
        for group in groups
        if isinstance(group, list)
    ]


def _local(value: Any, zone: str) -> datetime | None:
    moment = local_time({"": value}, "")
    return to_local(moment, zone) if moment is not None and moment.tzinfo else moment


class _Shift:
    """One shift whose parts are read."""

    def __init__(
        self, data: dict[str, Any], name: str, zone: str, begin: datetime, length: timedelta,
        groups: list[tuple[str, ...]], note: Note,
    ) -> None:  # fmt: skip
        self.data, self.name, self.zone, self.begin, self.length, self.note = data, name, zone, begin, length, note
        first = (number(data, "start_rotation_from_user_index") or 0) % len(groups)
        self.groups = groups[first:] + groups[:first]
        self.every = number(data, "interval") or 1
        self.frequency = text(data, "frequency").lower()
        days = [_DAYS.index(day) for day in listed(data, "by_day") if day in _DAYS]
        self.days = sorted(set(days))

    def rotations(self) -> list[Rotation]:
        if text(self.data, "type") == "single_event" or not self.frequency:
            end = to_instant(self.begin, self.zone) + self.length
            return [self.made(Rotate.DAILY, 1, self.groups, self.begin, until=end)]
        if listed(self.data, "by_month") or listed(self.data, "by_monthday"):
            return self.refuse("it is tied to days of the month or to months")
        if self.frequency not in _UNIT or not 1 <= self.every <= MOST_EVERY:
            return self.refuse(f"its frequency is `{self.frequency:.20}`")
        if self.days and self.frequency in ("daily", "weekly"):
            return self.on_days()
        return self.plain()

    def refuse(self, why: str) -> list[Rotation]:
        self.note.lose(f"The shift {self.name} is left out: {why}, which Muster's layers cannot say.")
        return []

    def plain(self) -> list[Rotation]:
        """Events every so many hours, days or weeks."""
        if self.frequency == "monthly":
            return self.refuse("it is monthly")
        unit = _LENGTH[self.frequency]
        period = unit * self.every
        if self.length >= period:
            if self.length > period:
                self.note.lose(
                    f"The shift {self.name} lasts longer than its period; here each ends where the next begins."
                )
            return [self.made(_UNIT[self.frequency], self.every, self.groups, self.begin)]
        if self.frequency == "hourly":
            return self.refuse("it is hourly and does not fill its hours")
        if self.length > unit:
            return self.refuse("it fills more than one but not all of its periods")
        days = range(7) if self.frequency == "daily" else (self.begin.weekday(),)
        windows = [made for day in days if (made := window(day, self.begin.time(), self.length))]
        return [self.made(_UNIT[self.frequency], 1, self.spread(), self.begin, tuple(windows))]

    def spread(self) -> list[tuple[str, ...]]:
        """Each group's turn followed by the free ones in which nothing of it happens."""
        free: list[tuple[str, ...]] = [()] * (self.every - 1)
        return [turn for group in self.groups for turn in (group, *free)]

    def on_days(self) -> list[Rotation]:
        """Events on chosen weekdays: by the week, or by the event."""
        if self.length > DAY:
            return self.refuse("its events on single weekdays last longer than a day")
        windows = {day: window(day, self.begin.time(), self.length) for day in self.days}
        begins = self.begin
        while begins.weekday() not in self.days:
            begins += DAY
        if self.frequency == "weekly":
            start_of_week = self.week_of(begins)
            chosen = tuple(each for each in windows.values() if each)
            return [self.made(Rotate.WEEKLY, 1, self.spread(), start_of_week, chosen, counts_from=begins)]
        if self.every != 1:
            return self.refuse("it is on chosen weekdays every few days")
        return self.by_event(begins, windows)

    def by_event(self, begins: datetime, windows: dict[int, Window | None]) -> list[Rotation]:
        """Users change with every event, such as alternating on Monday, Wednesday and Friday: a layer for each day."""
        if len(self.groups) == 1:
            chosen = tuple(each for each in windows.values() if each)
            return [self.made(Rotate.DAILY, 1, self.groups, begins, chosen)]
        days = sorted(self.days, key=lambda day: (day - begins.weekday()) % 7)
        found = []
        weeks = len(self.groups) // gcd(len(self.groups), len(days))
        for place, day in enumerate(days):
            start = begins + timedelta(days=(day - begins.weekday()) % 7)
            turns = [self.groups[(place + week * len(days)) % len(self.groups)] for week in range(weeks)]
            alone = windows[day]
            found.append(
                self.made(Rotate.WEEKLY, 1, turns, start, (alone,) if alone else (), suffix=_DAYS[day].lower())
            )
        return found

    def week_of(self, begins: datetime) -> datetime:
        """The first day of the shift's week, at the shift's time: an event of its last day is over by then."""
        first = _DAYS.index(text(self.data, "week_start")) if text(self.data, "week_start") in _DAYS else 0
        return begins - timedelta(days=(begins.weekday() - first) % 7)

    def made(
        self, rotate: Rotate, every: int, turns: Sequence[tuple[str, ...]], anchor: datetime,
        windows: tuple[Window, ...] = (), *, until: datetime | None = None, suffix: str = "",
        counts_from: datetime | None = None,
    ) -> Rotation:  # fmt: skip
        """The rotation whose turn 0 begins at the local `anchor`."""
        start = to_instant(counts_from or self.begin, self.zone)
        wanted = _local(self.data.get("rotation_start"), self.zone)
        if wanted is not None and to_instant(wanted, self.zone) > start:
            start = to_instant(wanted, self.zone)
        ends = _local(self.data.get("until"), self.zone)
        end = until or (to_instant(ends, self.zone) if ends else None)
        level = number(self.data, "level") or 0
        name = f"{self.name} {suffix}".strip()
        if len(turns) > MOST_TURNS:
            self.note.lose(f"The shift {self.name} has more than {MOST_TURNS} turns; those behind are left out.")
        anchored = to_instant(anchor, self.zone)
        id = text(self.data, "id") or self.name
        return Rotation(
            name,
            list(turns[:MOST_TURNS]),
            rotate,
            every,
            self.zone,
            anchored,
            max(start, anchored),
            end,
            windows,
            level,
            id,
        )
