"""Rows of sessions."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.people.person import Person
from muster.people.session import IDLE, Session
from muster.people.store.person_rows import COLUMNS, as_person

_COLUMNS = """sessions.id, person_id, sessions.address, sessions.user_agent, sessions.created_at, sessions.last_seen_at,
sessions.expires_at, host_bound, proven_at, awaits_factor"""


async def by_token(conn: Conn, token_hash: bytes) -> tuple[Session, Person] | None:
    """The session of a cookie and whose it is."""
    row = await conn.fetchrow(
        f"""SELECT {COLUMNS}, sessions.id AS session_id, sessions.address, user_agent, sessions.created_at AS began,
                   last_seen_at, sessions.expires_at, host_bound, proven_at, awaits_factor
            FROM sessions JOIN persons ON persons.id = person_id WHERE token_hash = $1""",
        token_hash,
    )
    if row is None:
        return None
    person = as_person(row)
    times = (
        row["began"],
        row["last_seen_at"],
        row["expires_at"],
        row["host_bound"],
        row["proven_at"],
        row["awaits_factor"],
    )
    return Session(row["session_id"], person.id, row["address"], row["user_agent"], *times), person


async def sessions_of(conn: Conn, person_id: UUID, now: datetime) -> list[Session]:
    """A person's living sessions, the latest seen first."""
    rows = await conn.fetch(
        f"""SELECT {_COLUMNS} FROM sessions
            WHERE person_id = $1 AND expires_at > $2 AND last_seen_at > $3 AND NOT awaits_factor ORDER BY last_seen_at DESC, id""",
        person_id,
        now,
        now - IDLE,
    )
    return [Session(**dict(row)) for row in rows]


async def session(conn: Conn, id: UUID) -> Session | None:
    """The session of that id."""
    row = await conn.fetchrow(f"SELECT {_COLUMNS} FROM sessions WHERE id = $1", id)
    return Session(**dict(row)) if row else None


async def insert(conn: Conn, session: Session, token_hash: bytes) -> None:
    """Write a new session."""
    await conn.execute(
        """INSERT INTO sessions (id, person_id, token_hash, address, user_agent, created_at, last_seen_at, expires_at,
                                 host_bound, proven_at, awaits_factor)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        session.id,
        session.person_id,
        token_hash,
        session.address,
        session.user_agent,
        session.created_at,
        session.last_seen_at,
        session.expires_at,
        session.host_bound,
        session.proven_at,
        session.awaits_factor,
    )


async def seen(conn: Conn, id: UUID, now: datetime) -> None:
    """Note that a session is in use, unless another request is just doing so."""
    await conn.execute(
        """UPDATE sessions SET last_seen_at = $2
           WHERE id = (SELECT id FROM sessions WHERE id = $1 FOR UPDATE SKIP LOCKED)""",
        id,
        now,
    )


async def bind(conn: Conn, id: UUID) -> None:
    """From now on the session's cookie has the name that only this host can set."""
    await conn.execute("UPDATE sessions SET host_bound = true WHERE id = $1", id)


async def prove(conn: Conn, id: UUID, now: datetime) -> None:
    """Who uses the session has just proven who they are."""
    await conn.execute("UPDATE sessions SET proven_at = $2 WHERE id = $1", id, now)


async def end(conn: Conn, id: UUID) -> bool:
    """Remove a session; false when it is gone already."""
    return bool(await conn.execute("DELETE FROM sessions WHERE id = $1", id) == "DELETE 1")


async def end_all(conn: Conn, person_id: UUID, *, but: UUID | None = None) -> int:
    """Remove a person's sessions, perhaps but one; returns how many."""
    done = await conn.execute(
        "DELETE FROM sessions WHERE person_id = $1 AND ($2::uuid IS NULL OR id <> $2)", person_id, but
    )
    return int(done.split()[-1])


async def forget_dead(conn: Conn, now: datetime) -> None:
    """Remove sessions that have expired or were unused for too long."""
    await conn.execute("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2", now, now - IDLE)


async def forget_sign_ins(conn: Conn, before: datetime, limit: int) -> int:
    """Drop what is left of sign-ins before an instant: ended sessions, browsers not used since, links that are over."""
    counts = [
        await conn.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {over} LIMIT $2)", before, limit
        )
        for table, over in (
            ("sessions", "expires_at < $1 OR last_seen_at < $1"),
            ("known_devices", "last_used_at < $1"),
            ("setup_links", "coalesce(used_at, expires_at) < $1"),
        )
    ]
    return sum(int(count.split()[-1]) for count in counts)
