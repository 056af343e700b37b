"""Keeps what is wrong with a node's machine, and tells those who watch over paging when that begins and when it ends."""

from collections.abc import Sequence

from muster.base.machine import Trouble
from muster.base.unit import Unit
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.watchers import tell_watchers
from muster.paging.events import MACHINE_MENDED, MACHINE_TROUBLED
from muster.paging.store import machine as store

STREAM = "machine"


async def note_troubles(unit: Unit, place: str, node: str, troubles: Sequence[Trouble]) -> None:
    """What is wrong with the machine of `node` now; `place` names its data directory across restarts."""
    before = await store.of_place(unit.conn, place)
    now = {trouble.kind: trouble for trouble in troubles}
    await store.put(unit.conn, place, troubles, unit.now)
    await store.drop(unit.conn, place, [kind for kind in before if kind not in now])
    for kind in sorted(now.keys() - before.keys()):
        trouble = now[kind]
        data = {"node": node, "kind": kind, "sentence": trouble.sentence}
        await record(unit, Event(STREAM, MACHINE_TROUBLED, data))
        await tell_watchers(
            unit, f"Muster's own machine needs you ({node})", f"{trouble.sentence} {trouble.fix}".strip()
        )
    for kind in sorted(before.keys() - now.keys()):
        data = {"node": node, "kind": kind, "sentence": before[kind].sentence}
        await record(unit, Event(STREAM, MACHINE_MENDED, data))
        await tell_watchers(
            unit, f"Muster's own machine is well again ({node})", f"This is over: {before[kind].sentence}"
        )
    if now.keys() != before.keys():
        unit.publish("paging")
