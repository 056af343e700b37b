"""Rows of contacts and of the codes that prove them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.people.contact import Contact

_COLUMNS = "id, person_id, kind, address, rank, verified_at, verified_by, active, asked_at"


@dataclass(frozen=True, slots=True)
class Proof:
    """A code that was sent: its hash, until when it counts and how often somebody guessed wrong."""

    code_hash: bytes
    expires_at: datetime
    wrong_guesses: int


async def contact(conn: Conn, id: UUID) -> Contact | None:
    """The contact of that id, removed ones included."""
    row = await conn.fetchrow(f"SELECT {_COLUMNS} FROM contacts WHERE id = $1", id)
    return Contact(**dict(row)) if row else None


async def contacts_of(conn: Conn, person_ids: Iterable[UUID]) -> dict[UUID, list[Contact]]:
    """The active contacts of persons, first to be tried first; every person asked for has an entry."""
    ids: Sequence[UUID] = list(person_ids)
    found: dict[UUID, list[Contact]] = {id: [] for id in ids}
    rows = await conn.fetch(
        f"SELECT {_COLUMNS} FROM contacts WHERE person_id = ANY($1) AND active ORDER BY person_id, rank", ids
    )
    for row in rows:
        found[row["person_id"]].append(Contact(**dict(row)))
    return found


async def proved_at(conn: Conn, kind: str, addresses: Sequence[str]) -> list[Contact]:
    """The proved contacts in use that have one of these addresses, whatever the case of their letters."""
    rows = await conn.fetch(
        f"""SELECT {_COLUMNS} FROM contacts WHERE kind = $1 AND lower(address) = ANY($2) AND active
            AND verified_at IS NOT NULL ORDER BY id""",
        kind,
        [address.lower() for address in addresses],
    )
    return [Contact(**dict(row)) for row in rows]


async def in_use_at(conn: Conn, kind: str, address: str) -> list[Contact]:
    """Everybody's contacts in use with exactly this address."""
    rows = await conn.fetch(
        f"SELECT {_COLUMNS} FROM contacts WHERE kind = $1 AND address = $2 AND active ORDER BY id", kind, address
    )
    return [Contact(**dict(row)) for row in rows]


async def secrets_of(conn: Conn, contact_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The sealed secrets of those contacts that have one; whoever sends opens them."""
    rows = await conn.fetch(
        "SELECT id, secret FROM contacts WHERE id = ANY($1) AND secret IS NOT NULL", list(contact_ids)
    )
    return {row["id"]: row["secret"] for row in rows}


async def insert(
    conn: Conn, id: UUID, person_id: UUID, kind: str, address: str, rank: int, secret: str | None, now: datetime
) -> bool:
    """Write a new contact, its secret sealed; false when the person has the same one already."""
    done = await conn.execute(
        """INSERT INTO contacts (id, person_id, kind, address, rank, secret, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (person_id, kind, address) WHERE active DO NOTHING""",
        id,
        person_id,
        kind,
        address,
        rank,
        secret,
        now,
    )
    return bool(done == "INSERT 0 1")


async def remove(conn: Conn, ids: Sequence[UUID], now: datetime) -> None:
    """Take contacts out of use; deliveries still refer to them."""
    await conn.execute(
        "UPDATE contacts SET active = false, removed_at = $2 WHERE id = ANY($1) AND active", list(ids), now
    )
    await conn.execute("DELETE FROM contact_proofs WHERE contact_id = ANY($1)", list(ids))


async def rank(conn: Conn, ids: Sequence[UUID]) -> None:
    """Set the order in which these contacts, all of one person's, are tried."""
    await conn.execute(
        """UPDATE contacts SET rank = wanted.rank FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, rank)
           WHERE contacts.id = wanted.id""",
        list(ids),
    )


async def every_active(conn: Conn) -> list[Contact]:
    """The contacts in use of everybody who is here."""
    columns = ", ".join(f"contacts.{column}" for column in _COLUMNS.split(", "))
    rows = await conn.fetch(
        f"""SELECT {columns} FROM contacts JOIN persons ON persons.id = person_id
            WHERE contacts.active AND persons.active ORDER BY person_id, rank"""
    )
    return [Contact(**dict(row)) for row in rows]


async def asked(conn: Conn, ids: Sequence[UUID], now: datetime) -> None:
    """Note that the owners were asked to prove these contacts anew."""
    await conn.execute("UPDATE contacts SET asked_at = $2 WHERE id = ANY($1)", list(ids), now)


async def verify(conn: Conn, id: UUID, by: str, now: datetime) -> None:
    """Mark a contact as proved, by its "code", by "use" or by an "administrator"."""
    await conn.execute("UPDATE contacts SET verified_at = $2, verified_by = $3 WHERE id = $1", id, now, by)
    await conn.execute("DELETE FROM contact_proofs WHERE contact_id = $1", id)


async def keep_proof(conn: Conn, contact_id: UUID, code_hash: bytes, now: datetime, expires_at: datetime) -> None:
    """Remember a code in place of an earlier one."""
    await conn.execute(
        """INSERT INTO contact_proofs (contact_id, code_hash, created_at, expires_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (contact_id) DO UPDATE SET code_hash = $2, created_at = $3, expires_at = $4, wrong_guesses = 0""",
        contact_id,
        code_hash,
        now,
        expires_at,
    )


async def proof(conn: Conn, contact_id: UUID) -> Proof | None:
    """The code that a contact waits for, held against guesses at the same moment."""
    row = await conn.fetchrow(
        "SELECT code_hash, expires_at, wrong_guesses FROM contact_proofs WHERE contact_id = $1 FOR UPDATE", contact_id
    )
    return Proof(**dict(row)) if row else None


async def waiting_for_code(conn: Conn, contact_ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of the contacts to which a code was sent that still counts."""
    rows = await conn.fetch(
        "SELECT contact_id FROM contact_proofs WHERE contact_id = ANY($1) AND expires_at > $2", list(contact_ids), now
    )
    return {row["contact_id"] for row in rows}


async def guessed_wrong(conn: Conn, contact_id: UUID) -> None:
    """Count a wrong guess."""
    await conn.execute("UPDATE contact_proofs SET wrong_guesses = wrong_guesses + 1 WHERE contact_id = $1", contact_id)


async def reached_by(conn: Conn, kind: str) -> list[UUID]:
    """The persons who have a contact of a kind in use."""
    rows = await conn.fetch("SELECT DISTINCT person_id FROM contacts WHERE kind = $1 AND active", kind)
    return [row["person_id"] for row in rows]
