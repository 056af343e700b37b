"""Which schedules concern a person: those of whose versions in force they stand in, and those that an override names them in."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn

_CONCERNING = """
SELECT name FROM schedules JOIN schedule_versions AS version ON schedule_id = schedules.id
WHERE valid_from < $4 AND withdrawn_at IS NULL AND definition IS NOT NULL AND position($2 IN definition::text) > 0
    AND NOT EXISTS (SELECT FROM schedule_versions AS later
                    WHERE later.schedule_id = schedules.id AND later.number > version.number
                        AND later.withdrawn_at IS NULL AND later.valid_from <= $3)
UNION
SELECT name FROM schedules JOIN schedule_calendars AS named ON named.schedule_id = schedules.id
JOIN calendar_versions AS content USING (calendar_id)
WHERE content.valid_from < $4 AND position($2 IN content.content::text) > 0
UNION
SELECT name FROM schedules JOIN overrides ON schedule_id = schedules.id
WHERE person_id = $1 AND start_at < $4 AND least(end_at, removed_at) > $3"""


async def schedules_of_person(conn: Conn, person_id: UUID, start: datetime, end: datetime) -> set[str]:
    """Names of schedules that may have put, or will put, a person on call inside `[start, end)`; some more do no harm."""
    name = await conn.fetchval("SELECT to_json(name)::text FROM persons WHERE id = $1", person_id)
    return {row["name"] for row in await conn.fetch(_CONCERNING, person_id, name or "", start, end)}
