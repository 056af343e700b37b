"""Recording: events become entries of the chain in the transaction of the change that they record (R8, R9)."""

from collections.abc import Sequence

from muster.base.unit import Unit
from muster.ledger import store
from muster.ledger.canon import GENESIS, instant, json_text, text
from muster.ledger.entry import Entry, link
from muster.ledger.event import Event


async def record(unit: Unit, event: Event) -> Entry:
    """Append one event under the unit's actor and instant. Needs no permission: the action that calls it has its own."""
    return (await record_all(unit, [event]))[0]


async def record_all(unit: Unit, events: Sequence[Event]) -> list[Entry]:
    """Append any number of events over any number of streams in two round trips; returns the entries in the same order.

    Heads are locked in the order of their streams, so that concurrent batches wait for each other and never deadlock.
    """
    return await record_as(unit, unit.principal.as_json(), events)


async def record_as(unit: Unit, actor: dict[str, str], events: Sequence[Event]) -> list[Entry]:
    """Append events under a given actor, for those who record what somebody else did."""
    pending = [
        (index, text(event.stream), text(event.kind), text(event.reason), json_text(event.data))
        for index, event in enumerate(events)
    ]
    written: dict[int, Entry] = {}
    who, at = json_text(actor), instant(unit.now)
    while pending:
        heads, positions = await store.hold(unit.conn, sorted({each[1] for each in pending}), len(pending))
        held = frozenset(heads)
        entries = []
        for position, (_, stream, kind, reason, body) in zip(positions, pending, strict=True):
            seq, prev = heads.get(stream, (0, GENESIS))
            hash_ = link(prev, position, stream, seq + 1, at, kind, who, reason, body)
            entries.append(Entry(position, stream, seq + 1, unit.now, kind, who, reason, body, prev, hash_))
            heads[stream] = (seq + 1, hash_)
        ours = await store.append(unit.conn, entries, held)
        written.update((each[0], entry) for each, entry in zip(pending, entries, strict=True) if entry.stream in ours)
        pending = [each for each in pending if each[1] not in ours]
    if written:
        unit.publish("ledger")
    return [written[index] for index in range(len(events))]
