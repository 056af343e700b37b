"""What a calendar says, as coverage needs it: holidays by day, or shifts with the persons whom they name (R72)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CalendarKind(StrEnum):
    """What the entries of a calendar mean."""

    HOLIDAYS = "holidays"
    SHIFTS = "shifts"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry `[start, end)` of a calendar of shifts: aware instants, or naive times that are local to whoever reads them.

    `people` are those of its attendees, its title or its organizer whom Muster knows; nobody where it knows none of them.
    """

    start: datetime
    end: datetime
    people: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The entries of a calendar until `known_until`: `days` with their titles, or `shifts` by rising start.

    `trouble` says since when it could not be refreshed, and why; empty where it is fresh.
    """

    name: str
    kind: CalendarKind
    days: Mapping[date, str] = field(default_factory=dict, hash=False)
    shifts: tuple[Entry, ...] = ()
    known_until: date | None = None
    trouble: str = ""
