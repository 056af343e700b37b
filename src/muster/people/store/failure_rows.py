"""Rows of failed sign-ins, by account and by address. Only keyed hashes of the subjects are kept: what is typed as a name is
often a password."""

from collections.abc import Sequence
from datetime import datetime

from muster.base.db.locks import Lock, try_hold
from muster.base.unit import Conn
from muster.people.throttle import FORGOTTEN_AFTER, Failures


async def take_turn(conn: Conn, subject: str) -> bool:
    """Let only one attempt at an account run at a time, without anybody waiting; false when another one runs."""
    return await try_hold(conn, Lock.SIGN_INS, subject)


async def failures_of(conn: Conn, subjects: Sequence[str]) -> dict[str, Failures]:
    """The records of those subjects that have one."""
    rows = await conn.fetch(
        """SELECT asked.subject, failures, last_failed_at FROM unnest($1::text[]) AS asked (subject)
           JOIN sign_in_failures known ON known.subject = sign_in_subject(asked.subject)""",
        list(subjects),
    )
    return {row["subject"]: Failures(row["failures"], row["last_failed_at"]) for row in rows}


async def count_failure(conn: Conn, subjects: Sequence[str], now: datetime) -> None:
    """Count one more failure for each subject; after a day of quiet counting begins anew."""
    await conn.execute(
        """INSERT INTO sign_in_failures AS known (subject, failures, last_failed_at)
           SELECT sign_in_subject(subject) AS hashed, 1, $2 FROM unnest($1::text[]) AS subject ORDER BY hashed
           ON CONFLICT (subject) DO UPDATE SET last_failed_at = $2,
               failures = CASE WHEN known.last_failed_at <= $3 THEN 1 ELSE known.failures + 1 END""",
        list(subjects),
        now,
        now - FORGOTTEN_AFTER,
    )


async def forgive(conn: Conn, subject: str) -> None:
    """Forget the failures of a subject."""
    await conn.execute("DELETE FROM sign_in_failures WHERE subject = sign_in_subject($1)", subject)


async def forget_old(conn: Conn, now: datetime) -> None:
    """Remove records that no longer count."""
    await conn.execute("DELETE FROM sign_in_failures WHERE last_failed_at <= $1", now - FORGOTTEN_AFTER)
