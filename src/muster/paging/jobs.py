"""The background half of paging: sending, and taking the next step when its time has come."""

from uuid import UUID

from muster.base.work import Leased
from muster.base.work.runner import Handler
from muster.paging.actions.deliver import Deliverer
from muster.paging.actions.escalate import go_on
from muster.paging.actions.start import DELIVERY, STEP
from muster.paging.page import PageState
from muster.paging.store import pages


async def next_step(leased: Leased) -> None:
    """Nobody has acknowledged in time: take the next step, in the transaction that ends this alarm."""
    async with leased.finish() as unit:
        page = await pages.lock(unit.conn, UUID(leased.job.key))
        if page and page.state is PageState.RUNNING:
            await go_on(unit, [page], f"Nobody acknowledged step {page.step} in time.")


def handlers(deliverer: Deliverer) -> dict[str, Handler]:
    """The job kinds of this feature."""
    return {DELIVERY: deliverer.handle, STEP: next_step}
