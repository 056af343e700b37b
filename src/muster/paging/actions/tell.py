"""Tells people something that they need not be woken for: one quiet message each, the way that a page takes."""

from collections.abc import Iterable

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.ids import new_id
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.softly import quiet_address
from muster.paging.store import deliveries


async def tell(unit: Unit, names: Iterable[str], title: str, text: str, why: str) -> None:
    """Send a notice to persons; who has left, or can be reached by nothing but a call, gets none."""
    found = await snapshots.reachable(unit, set(names))
    notices = [
        pending(new_id(unit.now), MessageKind.NOTICE, person, address, why, unit.now)
        for person in found.values()
        if person.active and (address := quiet_address(person))
    ]
    if not notices:
        return
    await deliveries.insert(unit.conn, notices)
    note = {"note": f"{title}\n\n{text}"}
    await enqueue(unit, [Job(DELIVERY, str(each.id), note, urgent=True) for each in notices])
