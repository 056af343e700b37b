"""Taking a person out of the ledger: their names give way to a pseudonym, and entries that follow vouch for what is left."""

from collections.abc import Sequence

from muster.base.access import Permission
from muster.base.db.database import take_time
from muster.base.unit import Conn, Unit
from muster.ledger import store
from muster.ledger.actions.append import record_all
from muster.ledger.entry import Entry
from muster.ledger.event import Event
from muster.ledger.events import ENTRIES_REDACTED, STREAM
from muster.ledger.redaction import left, pattern, spellings, vouched_by, vouching

MOST_LOOKED_AT = 200


async def redact(unit: Unit, account: str, names: Sequence[str], pseudonym: str, reason: str) -> int:
    """Put the pseudonym in the place of the names, empty the entries of the stream `account`; returns how many entries changed.

    The entry that vouches is recorded with this unit and holds neither the names nor what stood there.
    """
    unit.allow(Permission.PERSON_MANAGE)
    await take_time(unit.conn)
    await unit.write_gathered()
    changed = [
        entry
        for entry in await store.redact(unit.conn, account, spellings(names), pattern(names), pseudonym)
        if entry.expected_hash() != entry.hash
    ]
    vouchers = [{"pseudonym": pseudonym, **data} for data in vouching(changed)]
    await record_all(unit, [Event(STREAM, ENTRIES_REDACTED, data, reason) for data in vouchers])
    return len(changed)


async def voucher_of(conn: Conn, entry: Entry) -> Entry | None:
    """The newest entry that vouches for this one as it stands; None where it was altered."""
    for found in reversed(
        await store.following(conn, store.StoredEntryFilter(kind=ENTRIES_REDACTED.name), MOST_LOOKED_AT, entry.position)
    ):
        if vouched_by(found).get(entry.position) == left(entry):
            return found
    return None
