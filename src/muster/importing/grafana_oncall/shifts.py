"""Grafana OnCall's shifts: the events that they are, and the layers of Muster that they resemble.

`events` say exactly when who is on call. Where a layer says the same it is the better form, because people can read and change
it; which of the candidates here does is found out by comparing, so that none of them has to be right.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import gcd
from typing import Any

from muster.importing.export import ExportedShift, Replacement, Rotation
from muster.importing.fields import listed, number, seconds, text
from muster.importing.grafana_oncall.events import DAYS, events_of, groups_of, local
from muster.importing.report import ImportNote
from muster.importing.turns import DAY, MOST_EVERY, WEEK, window
from muster.importing.zones import zone_of
from muster.kit.localtime import to_instant
from muster.oncall.schedules.schedule import Rotate, Window

_LENGTH = {"hourly": timedelta(hours=1), "daily": DAY, "weekly": WEEK}
_UNIT = {"hourly": Rotate.HOURLY, "daily": Rotate.DAILY, "weekly": Rotate.WEEKLY}


def read_shift(data: dict[str, Any], schedule_zone: str, note: ImportNote) -> ExportedShift | None:
    """A shift; none, with a loss, where it cannot be read. Overrides are read elsewhere."""
    name = text(data, "name") or text(data, "id") or "shift"
    zone = zone_of(text(data, "time_zone"), note, schedule_zone)
    events = events_of(data, zone)
    if not events:
        note.lose(f"The shift {name} is left out: its start, length, users or rule cannot be read, or it never begins.")
        return None
    begin, wanted = local(data.get("start"), zone), local(data.get("rotation_start"), zone)
    counts_from = wanted if begin and wanted and wanted > begin else None
    level = number(data, "level") or 0
    shift = ExportedShift(text(data, "id") or name, name, zone, level, events, counts_from)
    if begin is not None and begin == begin.replace(second=0, microsecond=0):
        length = seconds(data, "duration") or timedelta()
        shift.rotations = _Candidate(data, shift, begin, length, groups_of(data)).rotations()
    return shift


def read_override(data: dict[str, Any], schedule_zone: str, note: ImportNote) -> Replacement | None:
    """A shift that stands in place of the others for once."""
    zone = zone_of(text(data, "time_zone"), note, schedule_zone)
    begin, length = local(data.get("start"), zone), seconds(data, "duration")
    users = tuple(user for group in groups_of(data) for user in group)
    if begin is None or length is None or not users:
        note.lose("An override is left out: its start, its length or its users cannot be read.")
        return None
    return Replacement(users, to_instant(begin, zone), to_instant(begin + length, zone), (), text(data, "id"))


class _Candidate:
    """One shift as the layers that it may be."""

    def __init__(
        self,
        data: dict[str, Any],
        shift: ExportedShift,
        begin: datetime,
        length: timedelta,
        groups: list[tuple[str, ...]],
    ) -> None:
        self.data, self.shift, self.begin, self.length, self.groups = data, shift, begin, length, groups
        self.every = number(data, "interval") or 1
        self.frequency = text(data, "frequency").lower()
        self.days = sorted({DAYS.index(day) for day in listed(data, "by_day") if day in DAYS})

    def rotations(self) -> list[Rotation]:
        if text(self.data, "type") == "single_event" or not self.frequency:
            end = to_instant(self.begin + self.length, self.shift.zone)
            return [self.made(Rotate.DAILY, 1, self.groups[:1], self.begin, until=end)]
        if self.frequency not in _UNIT or not 1 <= self.every <= MOST_EVERY:
            return []
        if self.days and self.frequency in ("daily", "weekly"):
            return self.on_days() if self.length <= DAY else []
        return self.plain()

    def plain(self) -> list[Rotation]:
        """Events every so many hours, days or weeks."""
        unit = _LENGTH[self.frequency]
        if self.length >= unit * self.every:
            return [self.made(_UNIT[self.frequency], self.every, self.groups, self.begin)]
        if self.frequency == "hourly" or self.length > unit:
            return []
        days = range(7) if self.frequency == "daily" else (self.begin.weekday(),)
        windows = [made for day in days if (made := window(day, self.begin.time(), self.length))]
        return [self.made(_UNIT[self.frequency], 1, self.spread(), self.begin, tuple(windows))]

    def spread(self) -> list[tuple[str, ...]]:
        """Each group's turn followed by the free ones in which nothing of it happens."""
        free: list[tuple[str, ...]] = [()] * (self.every - 1)
        return [turn for group in self.groups for turn in (group, *free)]

    def on_days(self) -> list[Rotation]:
        """Events on chosen weekdays: by the week, or by the event."""
        windows = {day: window(day, self.begin.time(), self.length) for day in self.days}
        begins = self.first_chosen_day()
        if self.frequency == "weekly":
            start_of_week = self.week_of(begins)
            chosen = tuple(restriction for restriction in windows.values() if restriction)
            return [self.made(Rotate.WEEKLY, 1, self.spread(), start_of_week, chosen, counts_from=begins)]
        return self.by_event(begins, windows) if self.every == 1 or len(self.groups) == 1 else []

    def first_chosen_day(self) -> datetime:
        """The start; for one that is beside the chosen days, the first of them in the order of the shift's week."""
        if self.begin.weekday() in self.days:
            return self.begin
        first = min(self.days, key=lambda day: (day - self.first_weekday()) % 7)
        return self.begin + DAY * ((first - self.begin.weekday()) % 7)

    def by_event(self, begins: datetime, windows: dict[int, Window | None]) -> list[Rotation]:
        """Users change with every event, such as alternating on Monday, Wednesday and Friday: a layer for each day."""
        if len(self.groups) == 1:
            chosen = tuple(restriction for restriction in windows.values() if restriction)
            return [self.made(Rotate.DAILY, 1, self.groups, begins, chosen)]
        days = sorted(self.days, key=lambda day: (day - begins.weekday()) % 7)
        found = []
        weeks = len(self.groups) // gcd(len(self.groups), len(days))
        for place, day in enumerate(days):
            start = begins + timedelta(days=(day - begins.weekday()) % 7)
            turns = [self.groups[(place + week * len(days)) % len(self.groups)] for week in range(weeks)]
            alone = windows[day]
            found.append(self.made(Rotate.WEEKLY, 1, turns, start, (alone,) if alone else (), suffix=DAYS[day].lower()))
        return found

    def first_weekday(self) -> int:
        named = text(self.data, "week_start").upper()
        return DAYS.index(named) if named in DAYS else DAYS.index("SU")

    def week_of(self, begins: datetime) -> datetime:
        """The first day of the shift's week, at the shift's time: an event of its last day is over by then."""
        return begins - timedelta(days=(begins.weekday() - self.first_weekday()) % 7)

    def made(
        self, rotate: Rotate, every: int, turns: Sequence[tuple[str, ...]], anchor: datetime,
        windows: tuple[Window, ...] = (), *, until: datetime | None = None, suffix: str = "",
        counts_from: datetime | None = None,
    ) -> Rotation:  # fmt: skip
        """The rotation whose turn 0 begins at the local `anchor`."""
        zone = self.shift.zone
        start = to_instant(max(counts_from or self.begin, self.shift.counts_from or self.begin), zone)
        ends = local(self.data.get("until"), "UTC")
        end = until or (to_instant(ends, "UTC") if ends else None)
        anchored = to_instant(anchor, zone)
        name = f"{self.shift.name} {suffix}".strip()
        return Rotation(
            name, list(turns), rotate, every, zone, anchored, max(start, anchored), end, windows, self.shift.level,
            self.shift.id,
        )  # fmt: skip
