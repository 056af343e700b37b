"""A schedule in its versions as they are kept: with number, author, and from when each is in force."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from muster.oncall.schedules.schedule import Schedule


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
