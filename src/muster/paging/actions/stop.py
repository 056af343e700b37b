"""Ends pages in the same transaction as the change that makes them moot."""

from collections.abc import Collection, Sequence
from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import cancel
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.start import DELIVERY, STEP
from muster.paging.events import PAGE_STOPPED
from muster.paging.page import Page, PageState, Purpose
from muster.paging.store import deliveries, pages


async def stop(
    unit: Unit, incident_ids: Sequence[UUID], reason: str, purposes: Collection[Purpose] = tuple(Purpose)
) -> None:
    """Stop the running pages of incidents, or those for some purposes; what has not been sent is cancelled with the reason."""
    await wind_up(unit, await pages.stop(unit.conn, incident_ids, reason, unit.now, purposes), reason)
    # Quiet hours, a rule or a limit may hold something back for longer than the steps took.
    late = await deliveries.cancel_exhausted(
        unit.conn, incident_ids, [str(purpose) for purpose in purposes], reason, unit.now
    )
    if late:
        await cancel(unit, DELIVERY, [str(each) for each in late])


async def stop_page(unit: Unit, page: Page, reason: str) -> None:
    """Stop one running page."""
    await pages.end(unit.conn, page.id, PageState.STOPPED, reason, unit.now)
    await wind_up(unit, [page], reason)


async def wind_up(unit: Unit, ended: Sequence[Page], reason: str) -> None:
    """Cancel what pages that were just stopped have not sent yet, and tell the ledger."""
    if not ended:
        return
    ids = [page.id for page in ended]
    await cancel(unit, STEP, [str(each) for each in ids])
    # Jobs before deliveries, as whoever writes outcomes locks them.
    await cancel(unit, DELIVERY, [str(each) for each in await deliveries.unsent(unit.conn, ids)])
    late = await deliveries.cancel(unit.conn, ids, reason, unit.now)
    await cancel(unit, DELIVERY, [str(each) for each in late])
    await record_all(
        unit, [Event(page.stream, PAGE_STOPPED, {"page": page.id, "policy": page.policy}, reason) for page in ended]
    )
