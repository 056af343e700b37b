"""Rows of schedules, their versions and overrides. What other features read is named here."""

from muster.oncall.store.calendar_rows import calendar_named, calendars, calendars_named, contents_now, users_of
from muster.oncall.store.override_rows import overrides_of, overrides_of_person
from muster.oncall.store.roster_rows import coverage_at, rosters
from muster.oncall.store.schedule_rows import (
    names_of_all,
    schedule_at,
    schedule_named,
    schedules,
    schedules_named,
    schedules_of_person,
    schedules_with,
    versions_ahead,
    versions_of,
)

__all__ = [
    "calendar_named",
    "calendars",
    "calendars_named",
    "contents_now",
    "coverage_at",
    "names_of_all",
    "overrides_of",
    "overrides_of_person",
    "rosters",
    "schedule_at",
    "schedule_named",
    "schedules",
    "schedules_named",
    "schedules_of_person",
    "schedules_with",
    "users_of",
    "versions_ahead",
    "versions_of",
]
