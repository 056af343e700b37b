"""What a schedule is: layers of people who take turns, and the overrides above them (R72).

Persons are named as in `people`. Times of day, starts and ends are local to the layer's zone; only overrides, which people
make for one occasion, are instants.
"""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the week in which a layer holds: from `start` on weekday `day` (0 is Monday) to `end`, `days_later`."""

    day: int
    start: time
    days_later: int
    end: time


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns.

    Each of `turns` names who is on call together; they follow each other every `every` hours, days, weeks or months, for
    ever, from the local `start` (the first turn lasts from it to the next hand-off) to the local `end`. `windows` limits
    the layer to hours of the week; none means always. Turns pass whether or not a window is open.
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


@dataclass(frozen=True, slots=True)
class Override:
    """For `[start, end)` (instants) `person` alone is on call, or by `None` knowingly nobody, whatever the layers say.

    Of two that overlap, the one made later decides. `id`, `by` and `note` say which, who made it and why.
    """

    person: str | None
    start: datetime
    end: datetime
    id: str = ""
    by: str = ""
    note: str = ""
