"""Schedules through time, ready for the evaluator: two statements for any number of schedules."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from muster.base.unit import Conn
from muster.oncall.coverage import Cause, Coverage, Roster, Version, at
from muster.oncall.schedule import Override
from muster.oncall.store.override_rows import overrides_of
from muster.oncall.store.schedule_rows import perhaps_schedule
from muster.oncall.stored import StoredOverride

_IN_FORCE = """
SELECT name, valid_from, definition::text AS definition
FROM schedules JOIN schedule_versions AS version ON schedule_id = schedules.id
WHERE name = ANY($1) AND valid_from < $3 AND NOT EXISTS (
    SELECT FROM schedule_versions AS later
    WHERE later.schedule_id = schedules.id AND later.number > version.number AND later.valid_from <= $2)
ORDER BY name, number"""


async def rosters(conn: Conn, names: Sequence[str], start: datetime, end: datetime) -> dict[str, Roster]:
    """What is needed to evaluate `[start, end)`, by schedule; deleted ones answer for their past.

    A name that no schedule ever had, or whose schedule is younger than `end`, has no entry.
    """
    versions: defaultdict[str, list[Version]] = defaultdict(list)
    for row in await conn.fetch(_IN_FORCE, names, start, end):
        versions[row["name"]].append(Version(row["valid_from"], perhaps_schedule(row["definition"])))
    overrides: defaultdict[str, list[Override]] = defaultdict(list)
    for each in await overrides_of(conn, list(versions), start, end):
        overrides[each.schedule].append(as_override(each))
    return {name: Roster(tuple(found), tuple(overrides[name])) for name, found in versions.items()}


async def coverage_at(conn: Conn, names: Sequence[str], instant: datetime) -> dict[str, Coverage]:
    """Who is on call by each schedule at an instant, and why; a schedule that does not exist then has no entry (R72)."""
    found = await rosters(conn, names, instant, instant + timedelta(microseconds=1))
    covered = {name: at(roster, instant) for name, roster in found.items()}
    return {name: each for name, each in covered.items() if each.reason.cause is not Cause.NO_SCHEDULE}


def as_override(stored: StoredOverride) -> Override:
    """As the evaluator takes it, ending when it was removed."""
    return Override(stored.person, stored.start, stored.effective_end, str(stored.id), stored.made_by, stored.note)
