"""What a calendar says, as coverage needs it: holidays by day, or shifts with the persons whom they name (R72)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class CalendarKind(StrEnum):
    """What the entries of a calendar mean."""

    HOLIDAYS = "holidays"
    SHIFTS = "shifts"


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """An entry `[start, end)` of a calendar of shifts: aware instants, or naive times that are local to whoever reads them.

    `people` are those of its attendees or its title whom Muster knows, or its organizer if the calendar says so; nobody where it
    knows none of them.
    """

    start: datetime
    end: datetime
    people: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The entries of a calendar until `known_until`: `days` with their titles, or `shifts` by rising start.

    `trouble` says since when it could not be refreshed, and why; empty where it is fresh.
    """

    name: str
    kind: CalendarKind
    days: Mapping[date, str] = field(default_factory=dict, hash=False)
    shifts: tuple[CalendarShift, ...] = ()
    known_until: date | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """A calendar and how its last refresh went; `made_from` is its address, or empty where its text was given.

    `failed_since` and `failure` stand while it cannot be refreshed; `notes` say what was left out of it;
    `organizers` whether the organizer of an event stands for it where it names nobody else.
    """

    id: UUID
    name: str
    title: str
    kind: CalendarKind
    made_from: str
    made_by: str
    created_at: datetime
    tried_at: datetime | None
    read_at: datetime | None
    failed_since: datetime | None
    failure: str
    notes: tuple[str, ...]
    organizers: bool

    @property
    def trouble(self) -> str:
        """A sentence about why it may be out of date; empty where it is fresh."""
        if self.failed_since is None:
            return "" if self.read_at else f"The calendar {self.name} has not been read yet."
        return f"The calendar {self.name} could not be refreshed since {self.failed_since:%Y-%m-%d %H:%M} UTC: {self.failure}"


def write_content(calendar: Calendar) -> dict[str, Any]:
    """What the calendar says as JSON-ready data, without its name and trouble."""
    written: dict[str, Any] = {"kind": str(calendar.kind)}
    if calendar.known_until:
        written["known_until"] = calendar.known_until.isoformat()
    if calendar.days:
        written["days"] = {day.isoformat(): title for day, title in calendar.days.items()}
    if calendar.shifts:
        written["shifts"] = [
            [shift.start.isoformat(), shift.end.isoformat(), list(shift.people), shift.title]
            for shift in calendar.shifts
        ]
    return written


def read_content(name: str, written: Mapping[str, Any]) -> Calendar:
    """The calendar that `write_content` wrote."""
    until = written.get("known_until")
    days = {date.fromisoformat(day): title for day, title in written.get("days", {}).items()}
    shifts = tuple(
        CalendarShift(datetime.fromisoformat(start), datetime.fromisoformat(end), tuple(people), title)
        for start, end, people, title in written.get("shifts", ())
    )
    known_until = date.fromisoformat(until) if until else None
    return Calendar(name, CalendarKind(written["kind"]), days, shifts, known_until)
