"""Rows of what people want to hear about their shifts, and of what they were told."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.oncall.shifts.notices import NoticeChoices

USUAL = NoticeChoices()
_CHOICES = Table(
    "shift_notice_choices",
    before="interval", at_start="boolean", at_end="boolean", changes="boolean", person_id="uuid",
)  # fmt: skip


async def choices_of(conn: Conn, names: Iterable[str]) -> dict[str, NoticeChoices]:
    """What each person chose; who chose nothing has no entry and means `USUAL`."""
    rows = await conn.fetch(
        """SELECT name, before, at_start, at_end, changes
           FROM shift_notice_choices JOIN persons ON persons.id = person_id WHERE name = ANY($1)""",
        list(names),
    )
    return {row["name"]: NoticeChoices(row["before"], row["at_start"], row["at_end"], row["changes"]) for row in rows}


async def choose(conn: Conn, person_id: UUID, choices: NoticeChoices) -> None:
    """Keep what a person chose."""
    await _CHOICES.upsert(conn, [choices], keys=["person_id"], person_id=person_id)


async def claim(conn: Conn, person: str, schedule: str, moment: str, edge: datetime, now: datetime) -> bool:
    """Take it upon oneself to tell; False where that was done already, also by another node."""
    done = await conn.fetchval(
        """INSERT INTO shift_notices (person_id, schedule_id, moment, edge, sent_at)
           SELECT persons.id, schedules.id, $3, $4, $5 FROM persons, schedules
           WHERE persons.name = $1 AND schedules.name = $2
           ON CONFLICT DO NOTHING RETURNING true""",
        person,
        schedule,
        moment,
        edge,
        now,
    )
    return bool(done)


async def forget(conn: Conn, before: datetime) -> None:
    """Drop what was told long ago; `KEPT` of the job says how long it must be known."""
    await conn.execute("DELETE FROM shift_notices WHERE sent_at < $1", before)
