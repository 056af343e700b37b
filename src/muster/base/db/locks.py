"""Advisory locks by name: the only place that takes one, so that two kinds of work never wait for each other by accident."""

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256

from muster.base.unit import Conn


class Lock(StrEnum):
    """What is locked until the transaction ends. The number of a lock follows from its name."""

    MIGRATIONS = "migrations"
    SETUP = "setup"
    ADMINISTRATORS = "administrators"
    SEALING = "sealing"
    OPENINGS = "openings"
    REPEATS = "repeats"
    """By actor and Idempotency-Key."""
    MESSAGES = "messages"
    """By channel and the provider's name for a message."""
    RECIPIENTS = "recipients"
    """By person."""
    SIGN_INS = "sign-ins"
    """By whose attempts are counted."""

    @property
    def number(self) -> int:
        """The lock's number in PostgreSQL, and for locks by key the seed of theirs."""
        return int.from_bytes(sha256(f"muster lock {self}".encode()).digest()[:8], "big", signed=True)


async def hold(conn: Conn, lock: Lock) -> None:
    """Wait for whoever has the lock, and keep others out until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", lock.number)


async def try_hold(conn: Conn, lock: Lock, key: str) -> bool:
    """Take one key's lock until the transaction ends, without waiting; false where somebody has it."""
    return bool(await conn.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, $2))", key, lock.number))


async def hold_each(conn: Conn, lock: Lock, keys: Iterable[str]) -> None:
    """The same for one lock a key; all transactions take them in the same order."""
    await conn.execute(
        """SELECT pg_advisory_xact_lock(number) FROM (
               SELECT DISTINCT hashtextextended(key, $2) AS number FROM unnest($1::text[]) AS key ORDER BY number
           ) AS ordered""",
        list(keys),
        lock.number,
    )
