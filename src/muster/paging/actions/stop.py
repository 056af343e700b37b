"""Ends pages in the same transaction as the change that makes them moot."""

from collections.abc import Sequence
from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import cancel
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.start import DELIVERY, STEP
from muster.paging.store import deliveries, pages


async def stop(unit: Unit, incident_ids: Sequence[UUID], reason: str) -> None:
    """Stop the running pages of incidents; what has not been sent is cancelled with the reason."""
    ended = await pages.stop(unit.conn, incident_ids, reason, unit.now)
    if not ended:
        return
    unsent = await deliveries.cancel(unit.conn, [page.id for page in ended], reason, unit.now)
    await cancel(unit, STEP, [str(page.id) for page in ended])
    await cancel(unit, DELIVERY, [str(each) for each in unsent])
    await record_all(
        unit, [Event(page.stream, "PageStopped", {"page": page.id, "policy": page.policy}, reason) for page in ended]
    )
