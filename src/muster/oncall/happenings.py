"""What schedules tell higher features, inside the transaction, so that they can object or follow."""

from dataclasses import dataclass, field
from datetime import datetime

from muster.oncall.fairness.load import Interruption
from muster.oncall.schedules.version import StoredSchedule


@dataclass(frozen=True, slots=True)
class ScheduleDeleting:
    """A schedule is about to be deleted. A subscriber appends to `objections` what still uses it, as a whole sentence."""

    schedule: StoredSchedule
    objections: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShiftNotice:
    """Somebody is to be told about their shifts, without waking them; whoever pages sends it."""

    person: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class InterruptionsWanted:
    """Who of `people` (names) was paged inside `[start, end)`; whoever pages appends to `found`."""

    people: tuple[str, ...]
    start: datetime
    end: datetime
    found: list[Interruption] = field(default_factory=list)
