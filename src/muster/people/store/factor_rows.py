"""Rows of second factors: authenticator apps, passkeys, recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.people.factor import Factors, Passkey


@dataclass(frozen=True, slots=True)
class Secret:
    """An authenticator app's secret, sealed."""

    sealed: str
    confirmed: bool
    last_step: int


@dataclass(frozen=True, slots=True)
class Key:
    """A passkey as its signatures are checked."""

    id: UUID
    person_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str


async def factors_of(conn: Conn, person_id: UUID) -> Factors:
    """What a person has."""
    app = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM totp_secrets WHERE person_id = $1 AND confirmed_at IS NOT NULL)", person_id
    )
    rows = await conn.fetch(
        "SELECT id, name, created_at, last_used_at FROM passkeys WHERE person_id = $1 ORDER BY created_at, id",
        person_id,
    )
    left = await conn.fetchval(
        "SELECT count(*) FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL", person_id
    )
    return Factors(bool(app), tuple(Passkey(**dict(row)) for row in rows), int(left))


async def secret_of(conn: Conn, person_id: UUID) -> Secret | None:
    """A person's authenticator app."""
    row = await conn.fetchrow(
        "SELECT sealed, confirmed_at IS NOT NULL AS confirmed, last_step FROM totp_secrets WHERE person_id = $1",
        person_id,
    )
    return Secret(**dict(row)) if row else None


async def keep_secret(conn: Conn, person_id: UUID, sealed: str, now: datetime) -> None:
    """Keep a new secret that is not confirmed yet, in place of another such."""
    await conn.execute(
        """INSERT INTO totp_secrets (person_id, sealed, created_at) VALUES ($1, $2, $3)
           ON CONFLICT (person_id) DO UPDATE SET sealed = $2, created_at = $3, last_step = 0
           WHERE totp_secrets.confirmed_at IS NULL""",
        person_id,
        sealed,
        now,
    )


async def take_step(conn: Conn, person_id: UUID, step: int, confirmed_at: datetime) -> bool:
    """Take a code's step, once; false when another request took it. The first confirms the secret."""
    done = await conn.execute(
        """UPDATE totp_secrets SET last_step = $2, confirmed_at = coalesce(confirmed_at, $3)
           WHERE person_id = $1 AND last_step < $2""",
        person_id,
        step,
        confirmed_at,
    )
    return bool(done == "UPDATE 1")


async def drop_secret(conn: Conn, person_id: UUID) -> bool:
    """Forget an authenticator app; false when there is none."""
    return bool(await conn.execute("DELETE FROM totp_secrets WHERE person_id = $1", person_id) == "DELETE 1")


async def key_of(conn: Conn, credential_id: bytes) -> Key | None:
    """The passkey of that credential."""
    row = await conn.fetchrow(
        "SELECT id, person_id, credential_id, public_key, sign_count, name FROM passkeys WHERE credential_id = $1",
        credential_id,
    )
    return Key(**dict(row)) if row else None


async def credentials_of(conn: Conn, person_id: UUID) -> list[bytes]:
    """The credentials of a person's passkeys."""
    rows = await conn.fetch(
        "SELECT credential_id FROM passkeys WHERE person_id = $1 ORDER BY created_at, id", person_id
    )
    return [row["credential_id"] for row in rows]


async def keep_key(conn: Conn, key: Key, now: datetime) -> bool:
    """Keep a new passkey; false when its credential is known already."""
    done = await conn.execute(
        """INSERT INTO passkeys (id, person_id, credential_id, public_key, sign_count, name, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING""",
        key.id,
        key.person_id,
        key.credential_id,
        key.public_key,
        key.sign_count,
        key.name,
        now,
    )
    return bool(done == "INSERT 0 1")


async def key_used(conn: Conn, id: UUID, sign_count: int, now: datetime) -> None:
    """Note that a passkey was used, and how often it says it was."""
    await conn.execute("UPDATE passkeys SET sign_count = $2, last_used_at = $3 WHERE id = $1", id, sign_count, now)


async def drop_key(conn: Conn, person_id: UUID, id: UUID) -> str | None:
    """Forget a passkey; returns its name, or None when there is none."""
    name: str | None = await conn.fetchval(
        "DELETE FROM passkeys WHERE person_id = $1 AND id = $2 RETURNING name", person_id, id
    )
    return name


async def take_challenge(conn: Conn, digest: bytes, now: datetime, expires_at: datetime) -> bool:
    """Take what a passkey signed, once; false when it was taken before."""
    await conn.execute("DELETE FROM used_challenges WHERE expires_at <= $1", now)
    done = await conn.execute(
        "INSERT INTO used_challenges (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", digest, expires_at
    )
    return bool(done == "INSERT 0 1")


async def replace_codes(conn: Conn, person_id: UUID, hashes: Sequence[bytes], now: datetime) -> None:
    """Keep new recovery codes in place of all earlier ones."""
    await conn.execute("DELETE FROM recovery_codes WHERE person_id = $1", person_id)
    await conn.execute(
        "INSERT INTO recovery_codes (person_id, code_hash, created_at) SELECT $1, code, $3 FROM unnest($2::bytea[]) AS code",
        person_id,
        list(hashes),
        now,
    )


async def use_code(conn: Conn, person_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use a recovery code up; false when there is none such or it was used."""
    done = await conn.execute(
        "UPDATE recovery_codes SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL",
        person_id,
        code_hash,
        now,
    )
    return bool(done == "UPDATE 1")


async def drop_all(conn: Conn, person_id: UUID) -> None:
    """Forget all that a person has."""
    for table in ("totp_secrets", "passkeys", "recovery_codes"):
        await conn.execute(f"DELETE FROM {table} WHERE person_id = $1", person_id)


async def persons_without(conn: Conn) -> list[UUID]:
    """Active persons who have no second factor."""
    rows = await conn.fetch(
        """SELECT id FROM persons WHERE active
           AND NOT EXISTS (SELECT FROM passkeys WHERE person_id = persons.id)
           AND NOT EXISTS (SELECT FROM totp_secrets WHERE person_id = persons.id AND confirmed_at IS NOT NULL)"""
    )
    return [row["id"] for row in rows]
