"""Schedules and overrides as they are kept: with identity, version and author."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from muster.oncall.calendar import CalendarKind
from muster.oncall.schedule import Schedule


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A schedule in one of its versions: its `number` from 1, since when, and by whom."""

    id: UUID
    name: str
    number: int
    since: datetime
    made_by: str
    schedule: Schedule


class VersionState(StrEnum):
    """What became of a version."""

    AHEAD = "ahead"
    IN_FORCE = "in_force"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of a schedule, past, present or to come; `schedule` is None in the version that deleted it.

    One that was withdrawn never took effect.
    """

    number: int
    since: datetime
    made_by: str
    schedule: Schedule | None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def state(self, in_force: int | None) -> VersionState:
        """What became of it, where version `in_force` is (None where none is)."""
        if self.withdrawn_at is not None:
            return VersionState.WITHDRAWN
        if in_force is None or self.number > in_force:
            return VersionState.AHEAD
        return VersionState.IN_FORCE if self.number == in_force else VersionState.PAST


@dataclass(frozen=True, slots=True)
class StoredOverride:
    """An override as it was made and, where `removed_at` is set, ended early. `person` None means nobody."""

    id: UUID
    schedule: str
    person: str | None
    start: datetime
    end: datetime
    note: str
    made_by: str
    created_at: datetime
    removed_at: datetime | None = None
    removed_by: str | None = None

    @property
    def effective_end(self) -> datetime:
        """When it ends or ended to hold; at or before its start it never holds."""
        return min(self.end, self.removed_at) if self.removed_at else self.end


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
