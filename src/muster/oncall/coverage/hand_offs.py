"""When turns pass on, on the layer's wall clock: the local time at which each turn begins, by its number (R72).

Turns count calendar hours, days, weeks and months, never multiples of 24 hours. Where holidays do not count, a hand-off that
falls on one waits for its time on the next day that is none; hand-offs that so fall together are one.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Protocol

from muster.oncall.schedules.schedule import HandOff, Layer, Rotate

_DAY = timedelta(days=1)
_UNIT = {Rotate.HOURLY: timedelta(hours=1), Rotate.DAILY: _DAY, Rotate.WEEKLY: timedelta(weeks=1)}


class HandOffs(Protocol):
    """The hand-offs of a layer in local time: turn 0 begins at or before the layer's start, turn n + 1 at the n-th after it."""

    def begin(self, number: int) -> datetime:
        """When turn `number` begins."""

    def number(self, local: datetime) -> int:
        """The turn that runs at a local time, or one next to it; below 0 before the first."""


def hand_offs_of(layer: Layer, days: Collection[date] = ()) -> HandOffs:
    """The hand-offs of a layer; those on `days` wait."""
    first = _last_hand_off(layer)
    if layer.rotate is Rotate.MONTHLY:
        regular: HandOffs = _Monthly(first.year * 12 + first.month - 1, layer.hand_off, 1 if days else layer.every)
    else:
        regular = _Even(first, _UNIT[layer.rotate] * (1 if days else layer.every))
    if not days:
        return regular
    ordinals = sorted(day.toordinal() for day in days)
    if layer.rotate in (Rotate.HOURLY, Rotate.DAILY):
        return _Squeezed(
            _last_counted(first, _UNIT[layer.rotate], ordinals), _UNIT[layer.rotate] * layer.every, ordinals
        )
    return _Waiting(regular, layer.every, frozenset(days))


@dataclass(frozen=True, slots=True)
class _Even:
    """Every so many hours, days or weeks."""

    first: datetime
    step: timedelta

    def begin(self, number: int) -> datetime:
        return self.first + number * self.step

    def number(self, local: datetime) -> int:
        return (local - self.first) // self.step


@dataclass(frozen=True, slots=True)
class _Monthly:
    """Every so many months; `first` counts months since the year 0."""

    first: int
    hand_off: HandOff
    every: int

    def begin(self, number: int) -> datetime:
        return _monthly(self.first + number * self.every, self.hand_off)

    def number(self, local: datetime) -> int:
        return (local.year * 12 + local.month - 1 - self.first) // self.every


@dataclass(slots=True)
class _Squeezed:
    """Every so many hours or days of a calendar from which the holidays are cut out."""

    first: datetime
    step: timedelta
    holidays: Sequence[int]

    origin: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.origin = self._squeeze(self.first)

    def begin(self, number: int) -> datetime:
        squeezed = self.origin + number * self.step
        counted = ordinal = squeezed.toordinal()
        while (later := counted + bisect_right(self.holidays, ordinal)) != ordinal:
            ordinal = later
        return squeezed + timedelta(days=ordinal - counted)

    def number(self, local: datetime) -> int:
        return (self._squeeze(local) - self.origin) // self.step

    def _squeeze(self, local: datetime) -> datetime:
        ordinal = local.toordinal()
        before = bisect_left(self.holidays, ordinal)
        if before < len(self.holidays) and self.holidays[before] == ordinal:
            local = datetime.combine(local, datetime.min.time())
        return local - timedelta(days=before)


@dataclass(slots=True)
class _Waiting:
    """Weekly or monthly hand-offs of which those on holidays wait; the list grows as far as it is asked for."""

    units: HandOffs
    every: int
    holidays: frozenset[date]
    begun: list[datetime] = field(default_factory=list)
    rest: Iterator[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.begun.append(self.units.begin(0))
        self.rest = self._distinct()

    def begin(self, number: int) -> datetime:
        while len(self.begun) <= number:
            self._grow()
        return self.begun[number]

    def number(self, local: datetime) -> int:
        while self.begun[-1] <= local:
            self._grow()
        return bisect_right(self.begun, local) - 1

    def _grow(self) -> None:
        for _ in range(self.every - 1):
            next(self.rest)
        self.begun.append(next(self.rest))

    def _distinct(self) -> Iterator[datetime]:
        latest = self.begun[0]
        for number in count(1):
            waiting = self.units.begin(number)
            while waiting.date() in self.holidays:
                waiting += _DAY
            if waiting > latest:
                yield waiting
            latest = waiting


def _last_counted(first: datetime, unit: timedelta, holidays: Sequence[int]) -> datetime:
    """The last hand-off on a day that counts, up to `first`."""
    ordinal = first.toordinal()
    at = bisect_right(holidays, ordinal)
    while at and holidays[at - 1] == ordinal:
        ordinal, at = ordinal - 1, at - 1
    if ordinal == first.toordinal():
        return first
    day = datetime.combine(date.fromordinal(ordinal), first.time())
    return day if unit == _DAY else day.replace(hour=23)


def _last_hand_off(layer: Layer) -> datetime:
    """The local hand-off in force at the layer's start: turn 0 is counted from it."""
    begin, at, day = layer.start, layer.hand_off.at, layer.hand_off.day
    if layer.rotate is Rotate.HOURLY:
        unit = _UNIT[Rotate.HOURLY]
        minutes = timedelta(hours=at.hour, minutes=at.minute)
        midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + minutes + (begin - midnight - minutes) // unit * unit
    if layer.rotate is Rotate.MONTHLY:
        this = _monthly(begin.year * 12 + begin.month - 1, layer.hand_off)
        return this if this <= begin else _monthly(begin.year * 12 + begin.month - 2, layer.hand_off)
    hand_off = datetime.combine(begin, at)
    if layer.rotate is Rotate.WEEKLY:
        hand_off -= timedelta(days=(begin.weekday() - (day or 0)) % 7)
    return hand_off if hand_off <= begin else hand_off - _UNIT[layer.rotate]


def _monthly(months: int, hand_off: HandOff) -> datetime:
    year, month = divmod(months, 12)
    day = min(hand_off.day or 1, monthrange(year, month + 1)[1])
    return datetime.combine(date(year, month + 1, day), hand_off.at)
