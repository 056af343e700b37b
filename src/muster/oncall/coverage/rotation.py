"""When turns begin and end as instants, and who has them (R72).

A hand-off keeps its wall time through every change of the clocks. Where that time does not exist the hand-off is at the first
instant after the jump; where it exists twice, at the earlier. A turn that lies wholly inside a jump has no length and is left
out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from muster.kit.localtime import to_instant, to_local
from muster.oncall.coverage.hand_offs import HandOffs, hand_offs_of
from muster.oncall.schedules.schedule import Layer

_DAY = timedelta(days=1)


class Turn(NamedTuple):
    """One turn of a layer, or the part of it that some people have, cut to the time asked for.

    `number` counts from 0 at the layer's start; `instead_of` names those who left in the middle of it.
    """

    number: int
    start: datetime
    end: datetime
    people: tuple[str, ...]
    instead_of: tuple[str, ...] = ()


def turns(layer: Layer, start: datetime, end: datetime, holidays: Collection[date] = ()) -> Iterator[Turn]:
    """The layer's turns inside `[start, end)` in order, whatever its windows say; disjoint, not of no length.

    `holidays` are the days of the layer's calendar; they matter here only where they do not count.
    """
    start = max(start, to_instant(layer.start, layer.zone))
    if layer.end is not None:
        end = min(end, to_instant(layer.end, layer.zone))
    if start >= end or not layer.turns:
        return
    beat = hand_offs_of(layer, () if layer.holidays is None or layer.holidays.counts else holidays)
    order = Order(layer, beat)
    number = max(0, beat.number(to_local(start, layer.zone)) - 1)
    since = max(beat.begin(number), layer.start)
    begins = to_instant(since, layer.zone)
    while begins < end:
        until = beat.begin(number + 1)
        ends = to_instant(until, layer.zone)
        if ends > start and ends > begins:
            holds = order.holds(number, since, until)
            edges = [begins, *(to_instant(hold.start, layer.zone) for hold in holds[1:]), ends]
            for hold, (opens, shuts) in zip(holds, pairwise(edges), strict=True):
                if opens < end and shuts > start and opens < shuts:
                    yield Turn(number, max(opens, start), min(shuts, end), hold.people, hold.instead_of)
        number, since, begins = number + 1, until, ends


class Tenure(NamedTuple):
    """From the local `start` until the next hold `people` have the turn; `instead_of` those who left in its middle."""

    start: datetime
    people: tuple[str, ...]
    instead_of: tuple[str, ...] = ()


class _Era(NamedTuple):
    """From turn `number` on the places of `present` follow each other, the one at `first` being the first.

    `members` are those who take part in them: nobody joins or leaves at a hand-off of an era.
    """

    number: int
    present: tuple[int, ...]
    first: int
    members: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Order:
    """The order of a layer's turns."""

    layer: Layer
    beat: HandOffs
    _stays: dict[tuple[int, str], tuple[date, date]] = field(init=False)
    _lasts: list[date] = field(init=False)
    _eras: list[_Era] = field(init=False)

    def __post_init__(self) -> None:
        stays = self.layer.stays
        self._stays = {(stay.turn, stay.person): (stay.first or date.min, stay.last or date.max) for stay in stays}
        self._lasts = sorted(stay.last for stay in stays if stay.last)
        self._eras = list(self._follow()) if stays else []

    def holds(self, number: int, begin: datetime, end: datetime) -> list[Tenure]:
        """Who has turn `number`, from the local `begin` to `end`: one hold, or several where people leave in its middle."""
        turns = self.layer.turns
        if not self._stays:
            return [Tenure(begin, turns[number % len(turns)])]
        era = self._eras[bisect_right(self._eras, number, key=lambda era: era.number) - 1]
        if not era.present:
            return [Tenure(begin, ())]
        index = (era.first + number - era.number) % len(era.present)
        place, people = era.present[index], era.members[index]
        tenures = [Tenure(begin, people)]
        if bisect_left(self._lasts, begin.date()) == bisect_right(self._lasts, end.date()):
            return tenures
        while people:
            leaving = min(self._stays.get((place, person), (date.min, date.max))[1] for person in people)
            if leaving >= end.date():
                break
            since = datetime.combine(leaving + _DAY, time())
            if since >= end:
                break
            people = self._still(place, people, since.date())
            if not people:
                place, people = self._heir(place, since.date())
            tenures.append(Tenure(since, people, tenures[0].people))
        return tenures

    def _begin(self, number: int) -> datetime:
        return max(self.beat.begin(number), self.layer.start)

    def _follow(self) -> Iterator[_Era]:
        """The eras between days on which anybody joins or leaves."""
        changes = {self.layer.start.date()}
        for first, last in self._stays.values():
            changes |= {first} if first > date.min else set()
            changes |= {last + _DAY} if last < date.max else set()
        numbers = sorted({self._first_turn_on(day) for day in changes if day >= self.layer.start.date()})
        place = -1
        for number, following in zip(numbers, [*numbers[1:], None], strict=True):
            day = self._begin(number).date()
            present = tuple(turn for turn in range(len(self.layer.turns)) if self._present(turn, day))
            foremost = bisect_right(present, place) % len(present) if present else 0
            yield _Era(number, present, foremost, tuple(self._taking(turn, day) for turn in present))
            if following is not None and present:
                place = present[(foremost + following - 1 - number) % len(present)]

    def _first_turn_on(self, day: date) -> int:
        number = max(0, self.beat.number(datetime.combine(day, time())) - 1)
        while self._begin(number).date() < day:
            number += 1
        while number and self._begin(number - 1).date() >= day:
            number -= 1
        return number

    def _present(self, place: int, day: date) -> bool:
        return not self.layer.turns[place] or bool(self._taking(place, day))

    def _taking(self, place: int, day: date) -> tuple[str, ...]:
        """Who of a place takes part in a turn that begins on `day`."""
        return self._still(
            place, tuple(person for person in self.layer.turns[place] if self._joined(place, person, day)), day
        )

    def _joined(self, place: int, person: str, day: date) -> bool:
        return self._stays.get((place, person), (date.min, date.max))[0] <= day

    def _still(self, place: int, people: tuple[str, ...], day: date) -> tuple[str, ...]:
        return tuple(person for person in people if self._stays.get((place, person), (date.min, date.max))[1] >= day)

    def _heir(self, place: int, day: date) -> tuple[int, tuple[str, ...]]:
        """Who takes the rest of a turn that everybody has left: those of the same place who have joined meanwhile, else the
        next who take part; free turns are passed over."""
        count = len(self.layer.turns)
        for step in range(count):
            after = (place + step) % count
            if people := self._taking(after, day):
                return after, people
        return place, ()
