"""Takes the next step of a page: when its time has come, when nobody of a step can be reached, or by hand."""

from collections.abc import Sequence
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.work import cancel
from muster.kit.errors import Conflict
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.start import STEP, take
from muster.paging.events import PAGE_ESCALATED
from muster.paging.notify import quieted
from muster.paging.page import Page, PageState
from muster.paging.run import EXHAUSTED, advance, frozen_facts, rotated
from muster.paging.store import pages
from muster.plan import store as plans


async def escalate(unit: Unit, incident_id: UUID, reason: str) -> None:
    """Take the next step of every running page of an incident now, by hand (R69).

    Raises:
        Conflict: nothing is being paged.
    """
    unit.allow(Permission.PAGE_ESCALATE)
    running = await pages.running(unit.conn, incident_id)
    if not running:
        raise Conflict("Nobody is being paged for this incident.", "Ask for help, add responders, or reopen it.")
    await cancel(unit, STEP, [str(page.id) for page in running])
    await go_on(unit, running, reason or f"{unit.principal.name} escalated by hand.")


async def go_on(unit: Unit, running: Sequence[Page], why: str) -> None:
    """Take the next step of locked, running pages; those without one are exhausted."""
    for page in running:
        version = await plans.pinned(unit.conn, page.plan_version_id)
        targets = {target for step in page.steps for target in step.targets}
        turns = {step.turn for step in page.steps[page.step :]}
        snapshot = await snapshots.load(unit, targets, version.plan, page.roles.values(), turns)
        hushed = quieted(snapshot, page.severity, unit.now)
        going = advance(page.steps, page.step, why, hushed, page.roles, unit.now, frozen_facts(page))
        snapshot = rotated(snapshot, going)
        await pages.advanced(unit.conn, page.id, page.step + len(going.taken), going.next_at)
        if going.next_at is None:
            await pages.end(unit.conn, page.id, PageState.EXHAUSTED, EXHAUSTED, unit.now)
        await take(unit, [(page, going)], snapshot, PAGE_ESCALATED)
