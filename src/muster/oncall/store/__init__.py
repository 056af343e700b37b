"""Rows of schedules, their versions and overrides. What other features read is named here."""

from muster.oncall.store.override_rows import overrides_of, overrides_of_person
from muster.oncall.store.roster_rows import coverage_at, rosters
from muster.oncall.store.schedule_rows import (
    names_of_all,
    schedule_named,
    schedules,
    schedules_named,
    schedules_with,
    versions_of,
)

__all__ = [
    "coverage_at",
    "names_of_all",
    "overrides_of",
    "overrides_of_person",
    "rosters",
    "schedule_named",
    "schedules",
    "schedules_named",
    "schedules_with",
    "versions_of",
]
