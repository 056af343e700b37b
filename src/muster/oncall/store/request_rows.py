"""Rows of swap and cover requests, of who was asked, and of the overrides that carry them out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.oncall.shifts.requests import AskedPerson, RequestState, ShiftRequest

_SELECT = """
SELECT request.id, schedules.name AS schedule, asker.name AS asker, start_at, end_at, their_start_at, their_end_at, note,
       state, asked_at, expires_at, coalesce(accepter.name, '') AS accepted_by, accepted_at, ended_at, ended_by, reason,
       array(SELECT jsonb_build_object('person', persons.name, 'at', declined_at, 'reason', asked.reason)
             FROM shift_request_people AS asked JOIN persons ON persons.id = person_id
             WHERE request_id = request.id ORDER BY persons.name) AS asked,
       array(SELECT override_id FROM shift_request_overrides WHERE request_id = request.id ORDER BY override_id)
           AS overrides
FROM shift_requests AS request
     JOIN schedules ON schedules.id = schedule_id
     JOIN persons AS asker ON asker.id = asker_id
     LEFT JOIN persons AS accepter ON accepter.id = accepter_id """


async def request(conn: Conn, id: UUID, *, hold: bool = False) -> ShiftRequest | None:
    """One request; `hold` keeps others from answering it until the transaction ends."""
    if hold:
        # A lock of its own first: the statement after it then sees what others committed while this one waited.
        await conn.execute("SELECT FROM shift_requests WHERE id = $1 FOR UPDATE", id)
    row = await conn.fetchrow(_SELECT + "WHERE request.id = $1", id)
    return _request(row) if row else None


async def requests(
    conn: Conn,
    *,
    schedule: str | None = None,
    person_id: UUID | None = None,
    state: str | None = None,
    before: UUID | None = None,
    limit: int = 500,
) -> list[ShiftRequest]:
    """Requests, the newest first, beginning behind `before`; of a schedule, with a person in them, in a state."""
    rows = await conn.fetch(
        _SELECT
        + """WHERE ($1::text IS NULL OR schedules.name = $1) AND ($2::text IS NULL OR state = $2)
            AND ($3::uuid IS NULL OR asker_id = $3
                 OR EXISTS (SELECT FROM shift_request_people WHERE request_id = request.id AND person_id = $3))
            AND ($4::uuid IS NULL OR request.id < $4)
        ORDER BY request.id DESC LIMIT $5""",
        schedule,
        state,
        person_id,
        before,
        limit,
    )
    return [_request(row) for row in rows]


async def overlapping(conn: Conn, schedule_id: UUID, asker_id: UUID, start: datetime, end: datetime) -> bool:
    """Whether the asker has an open request for some of this time."""
    overlaps: bool = await conn.fetchval(
        """SELECT EXISTS (SELECT FROM shift_requests WHERE schedule_id = $1 AND asker_id = $2 AND state = 'open'
                          AND start_at < $4 AND end_at > $3)""",
        schedule_id,
        asker_id,
        start,
        end,
    )
    return overlaps


async def of_override(conn: Conn, override_id: UUID) -> ShiftRequest | None:
    """The accepted request that an override carries out."""
    row = await conn.fetchrow(
        _SELECT
        + """WHERE request.state = 'accepted'
            AND request.id = (SELECT request_id FROM shift_request_overrides WHERE override_id = $1)""",
        override_id,
    )
    return _request(row) if row else None


async def insert(
    conn: Conn, schedule_id: UUID, asker_id: UUID, person_ids: Sequence[UUID], request: ShiftRequest
) -> None:
    """Write a new request and whom it asks."""
    await conn.execute(
        """INSERT INTO shift_requests (id, schedule_id, asker_id, kind, start_at, end_at, their_start_at, their_end_at,
                                       note, state, asked_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        request.id,
        schedule_id,
        asker_id,
        str(request.kind),
        *request.mine,
        *(request.theirs or (None, None)),
        request.note,
        str(request.state),
        request.asked_at,
        request.expires_at,
    )
    await conn.execute(
        "INSERT INTO shift_request_people (request_id, person_id) SELECT $1, unnest($2::uuid[])",
        request.id,
        list(person_ids),
    )


async def declined(conn: Conn, id: UUID, person_id: UUID, reason: str, now: datetime) -> None:
    """Somebody who was asked said no."""
    await conn.execute(
        "UPDATE shift_request_people SET declined_at = $3, reason = $4 WHERE request_id = $1 AND person_id = $2",
        id,
        person_id,
        now,
        reason,
    )


async def accepted(conn: Conn, id: UUID, accepter_id: UUID, overrides: Sequence[UUID], by: str, now: datetime) -> None:
    """Somebody who was asked agreed, and these overrides carry it out."""
    await conn.execute(
        """UPDATE shift_requests SET state = 'accepted', accepter_id = $2, accepted_at = $4, ended_at = $4, ended_by = $3
           WHERE id = $1""",
        id,
        accepter_id,
        by,
        now,
    )
    await conn.execute(
        "INSERT INTO shift_request_overrides (request_id, override_id) SELECT $1, unnest($2::uuid[])",
        id,
        list(overrides),
    )


async def ended(conn: Conn, id: UUID, state: RequestState, by: str, reason: str, now: datetime) -> None:
    """A request ended in a state, by whom and why."""
    await conn.execute(
        "UPDATE shift_requests SET state = $2, ended_by = $3, reason = $4, ended_at = $5 WHERE id = $1",
        id,
        str(state),
        by,
        reason,
        now,
    )


def _request(row: Record) -> ShiftRequest:
    theirs = (row["their_start_at"], row["their_end_at"]) if row["their_start_at"] else None
    asked = [
        AskedPerson(person["person"], datetime.fromisoformat(person["at"]) if person["at"] else None, person["reason"])
        for person in row["asked"]
    ]
    same = ("id", "schedule", "asker", "note", "asked_at", "expires_at", "accepted_by", "accepted_at")
    return ShiftRequest(
        **{name: row[name] for name in (*same, "ended_at", "ended_by", "reason")},
        mine=(row["start_at"], row["end_at"]),
        theirs=theirs,
        asked=tuple(asked),
        state=RequestState(row["state"]),
        overrides=tuple(row["overrides"]),
    )
