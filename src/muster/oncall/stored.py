"""Schedules and overrides as they are kept: with identity, version and author."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.oncall.schedule import Schedule


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A schedule as it is in force now: its version's `number` from 1, since when, and by whom."""

    id: UUID
    name: str
    number: int
    since: datetime
    made_by: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version of a schedule, now or in the past; `schedule` is None in the version that deleted it."""

    number: int
    since: datetime
    made_by: str
    schedule: Schedule | None


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
