"""Handing the whole ledger out as a file that proves itself."""

from collections.abc import AsyncIterator

from muster.base.access import Permission
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.ledger import store
from muster.ledger.actions.append import record
from muster.ledger.event import Event
from muster.ledger.events import LEDGER_EXPORTED, STREAM
from muster.ledger.export import ExportWriter
from muster.ledger.key import LedgerKey


async def begin_export(unit: Unit) -> None:
    """Record who takes the copy; the copy itself holds this event."""
    unit.allow(Permission.LEDGER_EXPORT)
    await record(unit, Event(STREAM, LEDGER_EXPORTED))


async def export(database: Database, key: LedgerKey) -> AsyncIterator[bytes]:
    """The file in pieces of some hundred lines, as of one instant, in bounded memory."""
    writer = ExportWriter(key)
    async with database.snapshot() as conn:
        yield writer.heading(database.clock.now())
        async for seal in store.every_seal(conn):
            yield writer.seal(seal)
        async for entries in store.every_entry(conn):
            yield b"".join([writer.entry(entry) for entry in entries])
        yield writer.end()
