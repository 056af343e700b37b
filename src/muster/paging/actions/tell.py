"""Tells people something that they need not be woken for: one quiet message each, the way that a page takes."""

from collections.abc import Iterable

from muster.base.unit import Unit
from muster.kit.ids import new_id
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.sending import send
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.softly import quiet_address


async def tell(unit: Unit, names: Iterable[str], title: str, text: str, why: str) -> None:
    """Send a notice to persons; who has left, or can be reached by nothing but a call, gets none."""
    found = await snapshots.reachable(unit, set(names))
    notices = [
        pending(new_id(unit.now), MessageKind.NOTICE, person, address, why, unit.now)
        for person in found.values()
        if person.active and (address := quiet_address(person))
    ]
    await send(unit, notices, f"{title}\n\n{text}")
