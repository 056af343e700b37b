"""Puts messages that belong to no page on their way: written and queued in the caller's transaction."""

from collections.abc import Sequence

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.paging.actions.start import DELIVERY
from muster.paging.delivery import Delivery
from muster.paging.store import deliveries


async def send(unit: Unit, messages: Sequence[Delivery], note: str = "") -> None:
    """Send tests or notices; `note` is what a notice says, its first paragraph the title where others follow. It stands in
    the job only, and is gone once it was sent."""
    if not messages:
        return
    await deliveries.insert(unit.conn, messages)
    payload = {"note": note} if note else {}
    await enqueue(unit, [Job(DELIVERY, str(each.id), payload, urgent=True) for each in messages])
