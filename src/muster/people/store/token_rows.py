"""Rows of API tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.people.person import Person
from muster.people.store.person_rows import COLUMNS, as_person
from muster.people.token import ApiToken

_SELECT = """
SELECT api_tokens.id, api_tokens.name, persons.name AS person, hint, scopes, api_tokens.created_at, expires_at,
       last_used_at, revoked_at
FROM api_tokens JOIN persons ON persons.id = person_id """


async def by_secret(conn: Conn, token_hash: bytes) -> tuple[ApiToken, Person] | None:
    """The token of that secret and whose it is."""
    row = await conn.fetchrow(
        f"""SELECT {COLUMNS}, api_tokens.id AS token_id, api_tokens.name AS token_name, hint, scopes,
                   api_tokens.created_at AS made, expires_at, last_used_at, revoked_at
            FROM api_tokens JOIN persons ON persons.id = person_id WHERE token_hash = $1""",
        token_hash,
    )
    if row is None:
        return None
    person = as_person(row)
    what = row["token_id"], row["token_name"], person.name, row["hint"], tuple(row["scopes"])
    return ApiToken(*what, row["made"], row["expires_at"], row["last_used_at"], row["revoked_at"]), person


async def token(conn: Conn, id: UUID) -> ApiToken | None:
    """The token of that id."""
    row = await conn.fetchrow(_SELECT + "WHERE api_tokens.id = $1", id)
    return _token(row) if row else None


async def token_named(conn: Conn, person_id: UUID, name: str) -> ApiToken | None:
    """A person's token of that name that is not revoked."""
    row = await conn.fetchrow(
        _SELECT + "WHERE person_id = $1 AND api_tokens.name = $2 AND revoked_at IS NULL", person_id, name
    )
    return _token(row) if row else None


async def tokens(
    conn: Conn, *, person_id: UUID | None = None, after: UUID | None = None, limit: int = 500
) -> list[ApiToken]:
    """Tokens of a person or of all, the newest first, beginning behind the token `after`."""
    rows = await conn.fetch(
        _SELECT
        + """WHERE ($1::uuid IS NULL OR person_id = $1) AND ($2::uuid IS NULL OR api_tokens.id < $2)
        ORDER BY api_tokens.id DESC LIMIT $3""",
        person_id,
        after,
        limit,
    )
    return [_token(row) for row in rows]


async def insert(
    conn: Conn,
    id: UUID,
    *,
    name: str,
    person_id: UUID,
    token_hash: bytes,
    hint: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime,
) -> None:
    """Write a new token."""
    await conn.execute(
        """INSERT INTO api_tokens (id, name, person_id, token_hash, hint, scopes, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        id,
        name,
        person_id,
        token_hash,
        hint,
        list(scopes),
        now,
        expires_at,
    )


async def used(conn: Conn, id: UUID, now: datetime) -> None:
    """Note that a token is in use, unless another request is just doing so."""
    await conn.execute(
        """UPDATE api_tokens SET last_used_at = $2
           WHERE id = (SELECT id FROM api_tokens WHERE id = $1 FOR UPDATE SKIP LOCKED)""",
        id,
        now,
    )


async def revoke(conn: Conn, id: UUID, now: datetime) -> bool:
    """End a token; false when it was revoked before."""
    done = await conn.execute("UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, now)
    return bool(done == "UPDATE 1")


async def count_active(conn: Conn, person_id: UUID, now: datetime) -> int:
    """How many of a person's tokens work."""
    found: int = await conn.fetchval(
        "SELECT count(*) FROM api_tokens WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > $2",
        person_id,
        now,
    )
    return found


async def revoke_all(conn: Conn, person_id: UUID, now: datetime) -> int:
    """End all of a person's tokens; returns how many."""
    done = await conn.execute(
        "UPDATE api_tokens SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL", person_id, now
    )
    return int(done.split()[-1])


def _token(row: Record) -> ApiToken:
    fields = dict(row)
    return ApiToken(**{**fields, "scopes": tuple(fields["scopes"])})
