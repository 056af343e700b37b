"""Rows of integrations."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from muster.alerts.integration import Integration
from muster.base.unit import Conn

_COLUMNS = "id, name, title, format, options, active, created_at, last_signal_at, secret_sealed"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The keys of an active integration: the digests of those that it takes, the present one first, and that one sealed."""

    id: UUID
    digests: tuple[bytes, ...] = field(repr=False)
    sealed: str = field(repr=False)


async def keys(conn: Conn, integration_id: UUID | None = None) -> list[KeyRow]:
    """The keys of all active integrations, or of one."""
    rows = await conn.fetch(
        """SELECT id, key_digest, earlier_digest, key_sealed FROM integrations
           WHERE active AND ($1::uuid IS NULL OR id = $1)""",
        integration_id,
    )
    return [KeyRow(row[0], tuple(digest for digest in (row[1], row[2]) if digest is not None), row[3]) for row in rows]


async def digest_of(conn: Conn, integration_id: UUID) -> bytes:
    """The digest of an integration's present key."""
    found: bytes = await conn.fetchval("SELECT key_digest FROM integrations WHERE id = $1", integration_id)
    return found


async def by_digest(conn: Conn, digest: bytes) -> Integration | None:
    """The integration that a key belongs to, also one that is being changed over."""
    return _maybe(
        await conn.fetchrow(f"SELECT {_COLUMNS} FROM integrations WHERE key_digest = $1 OR earlier_digest = $1", digest)
    )


async def active_digests(conn: Conn) -> list[bytes]:
    """The digests of every key that may send."""
    rows = await conn.fetch("SELECT key_digest, earlier_digest FROM integrations WHERE active")
    return [digest for row in rows for digest in row if digest is not None]


async def keep_earlier(conn: Conn, integration_id: UUID, until: datetime | None) -> None:
    """Take the present key as the earlier one until then, beside the one that follows; without `until` take none."""
    await conn.execute(
        """UPDATE integrations SET earlier_until = $2::timestamptz,
                  earlier_digest = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE key_digest END WHERE id = $1""",
        integration_id,
        until,
    )


async def end_earlier(conn: Conn, integration_id: UUID, now: datetime) -> bool:
    """Take the earlier key no longer, where its time is over; true if that was done now."""
    done = await conn.execute(
        """UPDATE integrations SET earlier_digest = NULL, earlier_until = NULL
           WHERE id = $1 AND earlier_until <= $2""",
        integration_id,
        now,
    )
    return bool(done == "UPDATE 1")


async def by_name(conn: Conn, name: str) -> Integration | None:
    """One integration by name."""
    return _maybe(await conn.fetchrow(f"SELECT {_COLUMNS} FROM integrations WHERE name = $1", name))


async def by_ids(conn: Conn, ids: list[UUID]) -> dict[UUID, Integration]:
    """Several integrations by id."""
    rows = await conn.fetch(f"SELECT {_COLUMNS} FROM integrations WHERE id = ANY($1)", ids)
    return {row["id"]: Integration(**dict(row)) for row in rows}


async def every(conn: Conn) -> list[Integration]:
    """All integrations by name."""
    return [Integration(**dict(row)) for row in await conn.fetch(f"SELECT {_COLUMNS} FROM integrations ORDER BY name")]


async def sealed_key(conn: Conn, integration_id: UUID) -> str:
    """The key in its encrypted form."""
    sealed: str = await conn.fetchval("SELECT key_sealed FROM integrations WHERE id = $1", integration_id)
    return sealed


async def insert(conn: Conn, integration: Integration, digest: bytes, sealed: str) -> None:
    """Add an integration."""
    await conn.execute(
        "INSERT INTO integrations (id, name, title, format, options, active, created_at, key_digest, key_sealed,"
        " secret_sealed)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        integration.id,
        integration.name,
        integration.title,
        integration.format,
        integration.options,
        integration.active,
        integration.created_at,
        digest,
        sealed,
        integration.secret_sealed,
    )


async def update(conn: Conn, integration_id: UUID, changes: dict[str, Any]) -> None:
    """Set some of title, format, options, active, key_digest, key_sealed, secret_sealed."""
    names = list(changes)
    sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, start=2))
    await conn.execute(f"UPDATE integrations SET {sets} WHERE id = $1", integration_id, *changes.values())


async def delete(conn: Conn, integration_id: UUID) -> None:
    """Remove an integration with its signals and alerts."""
    await conn.execute("DELETE FROM integrations WHERE id = $1", integration_id)


def _maybe(row: Record | None) -> Integration | None:
    return Integration(**dict(row)) if row else None
