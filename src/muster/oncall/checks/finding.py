"""One thing that is wrong with a schedule, as a sentence with its time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FindingKind(StrEnum):
    """What sort of thing was found."""

    NOBODY = "nobody"
    GAP = "gap"
    UNKNOWN_PERSON = "unknown_person"
    INACTIVE_PERSON = "inactive_person"
    OVERLAPPING_OVERRIDES = "overlapping_overrides"
    HIDDEN_LAYER = "hidden_layer"
    IDLE_PERSON = "idle_person"
    MISSING_CALENDAR = "missing_calendar"
    STALE_CALENDAR = "stale_calendar"
    SHORT_CALENDAR = "short_calendar"
    UNMATCHED_SHIFT = "unmatched_shift"
    UNPROVEN_PERSON = "unproven_person"
    DOUBLE_BOOKING = "double_booking"
    UNFAIR_LOAD = "unfair_load"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at; `start` and `end` say when it holds, where it has a time."""

    kind: FindingKind
    sentence: str
    start: datetime | None
    end: datetime | None
