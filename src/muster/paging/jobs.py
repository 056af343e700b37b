"""The background half of paging: sending, taking the next step when its time has come, and looking after chains and proofs."""

from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.paging.actions import chain_check, reprove
from muster.paging.actions.audit import AUDIT, AUDIT_EVERY, audit
from muster.paging.actions.deliver import Deliverer
from muster.paging.actions.escalate import go_on
from muster.paging.actions.heartbeat import BEAT, OwnHeartbeat
from muster.paging.actions.loop_rounds import WATCH, Watch
from muster.paging.actions.receipts import ONWARD, RECEIPT
from muster.paging.actions.start import DELIVERY, STEP
from muster.paging.actions.storm_gate import BUNDLE
from muster.paging.page import PageState
from muster.paging.store import pages


async def next_step(leased: Leased) -> None:
    """Nobody has acknowledged in time: take the next step, in the transaction that ends this alarm."""
    async with leased.finish() as unit:
        page = await pages.lock(unit.conn, UUID(leased.job.key))
        if page and page.state is PageState.RUNNING:
            if page.next_at is not None and page.next_at > unit.now:
                # Rung too early, by a clock that was set back or a hand in the queue: a wait is kept whatever happens.
                await enqueue(unit, [Job(STEP, str(page.id), run_at=page.next_at)])
                return
            await go_on(unit, [page], f"Nobody acknowledged step {page.step} in time.")


async def begin(unit: Unit) -> None:
    """Enqueue the periodic jobs at start; later starts and other nodes change nothing."""
    await enqueue(unit, [Job(kind, "periodic") for kind in (chain_check.CHECK, reprove.UPKEEP, WATCH, BEAT, AUDIT)])


async def check_chains(leased: Leased) -> None:
    """Look whether every policy would wake somebody."""
    async with leased.finish() as unit:
        await chain_check.check(unit)
        await enqueue(unit, [Job(chain_check.CHECK, "periodic", run_at=unit.now + chain_check.CHECK_EVERY)])


async def look_after_pages(leased: Leased) -> None:
    """Look whether everything that should drive a page has a job, and repair what has none."""
    async with leased.finish() as unit:
        await audit(unit)
        await enqueue(unit, [Job(AUDIT, "periodic", run_at=unit.now + AUDIT_EVERY)])


async def keep_proofs(leased: Leased) -> None:
    """Keep the clocks of contacts, and ask for proofs that get old."""
    async with leased.finish() as unit:
        await reprove.keep_up(unit)
        await enqueue(unit, [Job(reprove.UPKEEP, "periodic", run_at=unit.now + reprove.UPKEEP_EVERY)])


def handlers(deliverer: Deliverer) -> dict[str, Handler]:
    """The job kinds of this feature."""
    outcomes = deliverer.outcomes
    return {
        DELIVERY: deliverer.handle,
        BUNDLE: deliverer.handle_bundle,
        RECEIPT: outcomes.receipt_due,
        ONWARD: outcomes.carry_on,
        STEP: next_step,
        AUDIT: look_after_pages,
        chain_check.CHECK: check_chains,
        reprove.UPKEEP: keep_proofs,
    }


def watching(watch: Watch, heartbeat: OwnHeartbeat) -> dict[str, Handler]:
    """The job kinds by which Muster watches itself, and is watched."""
    return {WATCH: watch.run, BEAT: heartbeat.run}
