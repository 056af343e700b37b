"""Schedules through time, ready for the evaluator: two statements for any number of schedules, more only for calendars."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from muster.base.unit import Conn
from muster.oncall.calendars.calendar import Calendar
from muster.oncall.coverage.roster import Cause, Coverage, Roster, Version
from muster.oncall.coverage.spans import at
from muster.oncall.schedules.override import Override, StoredOverride
from muster.oncall.store.calendar_rows import histories
from muster.oncall.store.override_rows import overrides_of
from muster.oncall.store.schedule_rows import perhaps_schedule

_IN_FORCE = """
SELECT name, valid_from, definition::text AS definition
FROM schedules LEFT JOIN schedule_versions AS version ON schedule_id = schedules.id
    AND withdrawn_at IS NULL AND valid_from < $3 AND NOT EXISTS (
        SELECT FROM schedule_versions AS later
        WHERE later.schedule_id = schedules.id AND later.number > version.number AND later.withdrawn_at IS NULL
            AND later.valid_from <= $2)
WHERE name = ANY($1) ORDER BY name, number"""
_Histories = Mapping[str, Sequence[tuple[datetime, Calendar]]]


async def rosters(conn: Conn, names: Sequence[str], start: datetime, end: datetime) -> dict[str, Roster]:
    """What is needed to evaluate `[start, end)`, by schedule; deleted ones answer for their past.

    A name that no schedule ever had has no entry; a schedule that is younger than `end` has one without versions.
    """
    versions: defaultdict[str, list[Version]] = defaultdict(list)
    for row in await conn.fetch(_IN_FORCE, names, start, end):
        dated = versions[row["name"]]
        if row["valid_from"] is not None:
            dated.append(Version(row["valid_from"], perhaps_schedule(row["definition"])))
    overrides: defaultdict[str, list[Override]] = defaultdict(list)
    for override in await overrides_of(conn, list(versions), start, end):
        overrides[override.schedule].append(as_override(override))
    schedules = [version.schedule for many in versions.values() for version in many if version.schedule]
    if calendars := {name for schedule in schedules for name in schedule.calendars}:
        contents = await histories(conn, calendars, start, end)
        versions = defaultdict(list, {name: list(_dated(many, contents)) for name, many in versions.items()})
    return {name: Roster(tuple(of_name), tuple(overrides[name])) for name, of_name in versions.items()}


def _dated(versions: Sequence[Version], told: _Histories) -> Iterator[Version]:
    """Each version once for each content that the calendars which it names had in its time."""
    follow: list[datetime | None] = [*(version.since for version in versions[1:]), None]
    for version, until in zip(versions, follow, strict=True):
        if version.schedule is None or not version.schedule.calendars:
            yield version
            continue
        named = {name: told[name] for name in version.schedule.calendars if told.get(name)}
        changes = {since for many in named.values() for since, _ in many if version.since < since}
        for since in sorted({version.since, *(change for change in changes if until is None or change < until)}):
            content = {name: _then(many, since) for name, many in named.items()}
            yield Version(since, version.schedule, content)


def _then(history: Sequence[tuple[datetime, Calendar]], instant: datetime) -> Calendar:
    """What a calendar said at an instant; its first content where it said nothing yet."""
    contents = [calendar for since, calendar in history if since <= instant]
    return contents[-1] if contents else history[0][1]


async def coverage_at(conn: Conn, names: Sequence[str], instant: datetime) -> dict[str, Coverage]:
    """Who is on call by each schedule at an instant, and why; a schedule that does not exist then has no entry (R72)."""
    current = await rosters(conn, names, instant, instant + timedelta(microseconds=1))
    covered = {name: at(roster, instant) for name, roster in current.items()}
    return {name: coverage for name, coverage in covered.items() if coverage.reason.cause is not Cause.NO_SCHEDULE}


def as_override(stored: StoredOverride) -> Override:
    """As the evaluator takes it, ending when it was removed."""
    return Override(stored.person, stored.start, stored.effective_end, str(stored.id), stored.made_by, stored.note)
