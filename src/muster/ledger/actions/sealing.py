"""Sealing: periodically by the queue, and by hand."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.ledger import store
from muster.ledger.actions.append import record
from muster.ledger.canon import GENESIS
from muster.ledger.event import Event
from muster.ledger.events import LEDGER_SEALED, STREAM
from muster.ledger.heads import branch, leaf, root
from muster.ledger.key import LedgerKey
from muster.ledger.seal import Seal, make_seal


async def seal(unit: Unit, key: LedgerKey, reason: str = "") -> Seal:
    """Seal everything recorded so far, this act included."""
    unit.allow(Permission.LEDGER_SEAL)
    await store.seal_alone(unit.conn)
    await record(unit, Event(STREAM, LEDGER_SEALED, reason=reason))
    await unit.write_gathered()
    made = await write_seal(unit, key)
    assert made is not None, "the event above has moved a head"
    return made


async def write_seal(unit: Unit, key: LedgerKey) -> Seal | None:
    """Seal what has moved since the last seal; None if nothing has. Appends on other connections are not held up."""
    await store.seal_alone(unit.conn)
    moved = await store.moved_heads(unit.conn)
    if not moved:
        return None
    branches = await store.cover(
        unit.conn, [(branch(head.stream), head, leaf(head.stream, head.seq, head.hash)) for head in moved]
    )
    last = (await store.seals(unit.conn, 1)) or None
    number, prev = (last[0].number + 1, last[0].hash) if last else (1, GENESIS)
    made = make_seal(number, unit.now, prev, moved, root(branches), key)
    await store.put_seal(unit.conn, made)
    unit.publish("ledger")
    return made
