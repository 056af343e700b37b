"""What a schedule is: layers of people who take turns, and the overrides above them (R72).

Persons are named as in `people`. Times of day, starts and ends are local to the layer's zone; only overrides, which people
make for one occasion, are instants.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from muster.kit.localtime import to_instant

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Rotate(StrEnum):
    """The calendar unit in which turns are counted."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class HandOff:
    """When a turn passes to the next: a local time and, weekly, a `day` from 0 (Monday); monthly, the day from 1 to 31.

    A month too short for the day hands off on its last one.
    """

    at: time
    day: int | None = None


ALWAYS = datetime.combine(date(1990, 1, 1), time())
"""When an imported layer starts that does not say so."""
MIDNIGHT = HandOff(time(0))
"""The hand-off of an imported layer, which has none: its dates begin then."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the week in which a layer holds: from `start` on weekday `day` (0 is Monday) to `end`, `days_later`."""

    day: int
    start: time
    days_later: int
    end: time


@dataclass(frozen=True, slots=True)
class Stay:
    """From which to which local day, both included, `person` takes part in the turn that stands at `turn` of the layer.

    None means for ever. A join takes effect at the next hand-off; of a turn that its last person leaves, the rest passes
    on to the next.
    """

    turn: int
    person: str
    first: date | None = None
    last: date | None = None


class HolidayRule(StrEnum):
    """What holidays do to a layer."""

    CLOSED = "closed"
    ONLY = "only"
    UNCOUNTED = "uncounted"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Holidays:
    """The calendar whose days are a layer's holidays, and what they do to it.

    `closed`: it has nobody then; `only`: it has somebody only then; `uncounted`: a hand-off waits for the next day that is
    none, and those that so fall together are one; `skipped`: closed and uncounted.
    """

    calendar: str
    rule: HolidayRule

    @property
    def counts(self) -> bool:
        """Whether hand-offs happen on holidays too."""
        return self.rule in (HolidayRule.CLOSED, HolidayRule.ONLY)


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns.

    Each of `turns` names who is on call together, or nobody in a free turn; they follow each other every `every` hours,
    days, weeks or months, for ever, from the local `start` (the first turn lasts from it to the next hand-off) to the local
    `end`. `windows` limits the layer to hours of the week; none means always. Turns pass whether or not a window is open.
    `stays` names those who join or leave. The people of a `shadow` layer learn beside who is on call.

    A layer that names a `calendar` of shifts takes them from there: it has no turns and does not rotate.
    """

    name: str
    turns: tuple[tuple[str, ...], ...]
    rotate: Rotate
    every: int
    hand_off: HandOff
    zone: str
    start: datetime
    end: datetime | None = None
    windows: tuple[Window, ...] = ()
    stays: tuple[Stay, ...] = ()
    holidays: Holidays | None = None
    shadow: bool = False
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Layers in one zone. A later layer stands above an earlier one: where both have somebody, the later decides."""

    name: str
    zone: str
    layers: tuple[Layer, ...]
    description: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody that a layer names, once each, in order of appearance."""
        return tuple(dict.fromkeys(person for layer in self.layers for turn in layer.turns for person in turn))

    @property
    def calendars(self) -> tuple[str, ...]:
        """The calendars that layers name, once each, in order of appearance."""
        named = (name for layer in self.layers for name in (layer.calendar, layer.holidays and layer.holidays.calendar))
        return tuple(dict.fromkeys(name for name in named if name))


def departures(schedule: Schedule) -> dict[str, datetime | None]:
    """By person the instant from which on no layer names them any more; None where one names them for ever."""
    last: dict[str, datetime | None] = {}
    for layer in schedule.layers:
        for place, people in enumerate(layer.turns):
            for person in people:
                ends = _ends(layer, place, person)
                so_far = last.get(person, ends)
                last[person] = None if ends is None or so_far is None else max(ends, so_far)
    return last


def _ends(layer: Layer, place: int, person: str) -> datetime | None:
    ends = [to_instant(layer.end, layer.zone)] if layer.end else []
    for stay in layer.stays:
        if (stay.turn, stay.person) == (place, person) and stay.last:
            ends.append(to_instant(datetime.combine(stay.last + timedelta(days=1), time()), layer.zone))
    return min(ends, default=None)
