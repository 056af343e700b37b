"""Verifying the ledger where it stands; the act itself is recorded."""

from collections.abc import Collection, Mapping
from typing import Any

from muster.base.access import Permission
from muster.base.db.database import take_time
from muster.base.unit import Conn, Unit
from muster.ledger import store
from muster.ledger.actions.append import record
from muster.ledger.event import Event
from muster.ledger.events import LEDGER_VERIFIED, STREAM
from muster.ledger.verification import Verification, VerificationResult


async def verify(unit: Unit, trusted: Collection[bytes], kept: Mapping[int, bytes] | None = None) -> VerificationResult:
    """Check every entry and seal. `trusted` and `kept` as for `Verification` (R10)."""
    unit.allow(Permission.LEDGER_EXPORT)
    await take_time(unit.conn)
    verdict = await judge(unit.conn, trusted, kept)
    await record(unit, Event(STREAM, LEDGER_VERIFIED, summary(verdict)))
    return verdict


def summary(verdict: VerificationResult) -> dict[str, Any]:
    """A verdict as the ledger keeps it: its counts, and the first ten breaks as sentences."""
    counts = {name: getattr(verdict, name) for name in ("sound", "entries", "streams", "seals", "unsealed", "found")}
    redacted = sum(redaction.entries for redaction in verdict.redactions)
    return {**counts, "redacted": redacted, "first": [breakage.sentence() for breakage in verdict.breaks[:10]]}


async def judge(conn: Conn, trusted: Collection[bytes], kept: Mapping[int, bytes] | None = None) -> VerificationResult:
    """The verdict on the database's rows, read within a transaction.

    Seals and heads are read before entries, and so never name an entry that the later read does not see.
    """
    check = Verification(trusted, kept)
    async for seal in store.every_seal(conn):
        check.add_seal(seal)
    heads = await store.heads(conn)
    async for entries in store.every_entry(conn):
        for entry in entries:
            check.add_entry(entry)
    return check.finish(heads)
