"""Recording: events become entries of the chain in the transaction of the change that they record (R8, R9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.ledger import store
from muster.ledger.canon import GENESIS, instant, json_text, text
from muster.ledger.entry import Entry, link
from muster.ledger.event import Event

SEAL, SOON = "ledger.seal", "soon"
SEAL_WITHIN = timedelta(seconds=3)
"""How soon after a sensitive event a seal is made; those that come together share one."""
AT_ONCE = 500
"""Entries that are chained and written before others may do something."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """An event with its actor, in the texts that are hashed."""

    stream: str
    kind: str
    sensitive: bool
    who: str
    reason: str
    body: str


async def record(unit: Unit, event: Event) -> None:
    """Append one event under the unit's actor and instant. Needs no permission: the action that calls it has its own."""
    await record_all(unit, [event])


async def record_all(unit: Unit, events: Sequence[Event]) -> None:
    """Append any number of events over any number of streams.

    All that a unit records is written right before it commits, in two round trips, or a few more for thousands. So the heads
    of its streams are locked once, in the order of their names, after everything else: units wait for each other here and
    never deadlock. To read an entry in the same unit, call `unit.write_gathered` first.
    """
    await record_as(unit, unit.principal.as_json(), events)


async def record_as(unit: Unit, actor: dict[str, str], events: Sequence[Event]) -> None:
    """Append events under a given actor, for those who record what somebody else did."""
    who = json_text(actor)
    unit.at_end(
        _write,
        [
            _Pending(
                text(event.stream),
                text(event.kind.name),
                event.kind.sensitive,
                who,
                text(event.reason),
                json_text(event.data),
            )
            for event in events
        ],
    )


async def _write(unit: Unit, pending: Sequence[_Pending]) -> None:
    at, sensitive = instant(unit.now), any(event.sensitive for event in pending)
    while pending:
        heads, positions = await store.hold(unit.conn, sorted({event.stream for event in pending}), len(pending))
        held, lost = set(heads), set[str]()
        for first in range(0, len(pending), AT_ONCE):
            entries = []
            part = zip(positions[first : first + AT_ONCE], pending[first : first + AT_ONCE], strict=True)
            for position, event in part:
                if event.stream in lost:
                    continue
                seq, prev = heads.get(event.stream, (0, GENESIS))
                stream, kind, who, reason, body = event.stream, event.kind, event.who, event.reason, event.body
                hash_ = link(prev, position, stream, seq + 1, at, kind, who, reason, body)
                entries.append(Entry(position, stream, seq + 1, unit.now, kind, who, reason, body, prev, hash_))
                heads[stream] = (seq + 1, hash_)
            ours = await store.append(unit.conn, entries, held)
            held |= ours
            lost |= {entry.stream for entry in entries} - ours
        pending = [event for event in pending if event.stream in lost]
        unit.publish("ledger")
    if sensitive:
        await enqueue(unit, [Job(SEAL, SOON, run_at=unit.now + SEAL_WITHIN)])
