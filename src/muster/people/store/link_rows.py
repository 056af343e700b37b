"""Rows of one-time links: the first run, and setting a password."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made; its secret is not kept."""

    id: UUID
    purpose: str
    person_id: UUID | None
    expires_at: datetime
    used_at: datetime | None


async def link(conn: Conn, purpose: str, token_hash: bytes, *, hold: bool = False) -> Link | None:
    """The link of that secret for that purpose; `hold` keeps a second use waiting."""
    row = await conn.fetchrow(
        f"""SELECT id, purpose, person_id, expires_at, used_at FROM setup_links
            WHERE purpose = $1 AND token_hash = $2 {"FOR UPDATE" if hold else ""}""",
        purpose,
        token_hash,
    )
    return Link(**dict(row)) if row else None


async def insert(conn: Conn, link: Link, token_hash: bytes, now: datetime) -> None:
    """Write a new link in place of earlier ones that nobody used."""
    await forget_unused(conn, link.purpose, link.person_id)
    await conn.execute(
        """INSERT INTO setup_links (id, purpose, person_id, token_hash, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        link.id,
        link.purpose,
        link.person_id,
        token_hash,
        now,
        link.expires_at,
    )


async def hold_exposed(conn: Conn) -> bool:
    """Whether links of 0.1 that may stand in the ledger are still to be taken back; keeps other nodes waiting."""
    return bool(await conn.fetchval("SELECT true FROM exposed_links WHERE revoked_at IS NULL FOR UPDATE"))


async def revoke_exposed(conn: Conn, now: datetime) -> dict[str, int]:
    """Take back every link that nobody used; returns how many there were for each purpose."""
    rows = await conn.fetch("DELETE FROM setup_links WHERE used_at IS NULL RETURNING purpose")
    many = Counter(row["purpose"] for row in rows)
    await conn.execute(
        "UPDATE exposed_links SET revoked_at = $1, password_links = $2, first_run_links = $3",
        now,
        many["password"],
        many["first_run"],
    )
    return dict(many)


async def exposed_revoked_at(conn: Conn) -> datetime | None:
    """When the links of 0.1 were taken back; None where there were none."""
    at: datetime | None = await conn.fetchval("SELECT revoked_at FROM exposed_links")
    return at


async def use(conn: Conn, id: UUID, now: datetime) -> None:
    """Mark a link as used."""
    await conn.execute("UPDATE setup_links SET used_at = $2 WHERE id = $1", id, now)


async def forget_unused(conn: Conn, purpose: str, person_id: UUID | None) -> None:
    """Take links back that nobody used."""
    await conn.execute(
        "DELETE FROM setup_links WHERE purpose = $1 AND person_id IS NOT DISTINCT FROM $2 AND used_at IS NULL",
        purpose,
        person_id,
    )
