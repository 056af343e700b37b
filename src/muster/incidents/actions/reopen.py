"""Opening an incident again: it was not over after all."""

from dataclasses import replace
from uuid import UUID

from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.incidents import lifecycle
from muster.incidents.action import REOPEN
from muster.incidents.actions.guard import begin
from muster.incidents.actions.paging_again import page_again
from muster.incidents.actions.transit import transit
from muster.incidents.deadline import acknowledge_clock
from muster.incidents.incident import Incident


async def reopen(unit: Unit, ref: str | UUID, reason: str) -> Incident:
    """Back to triggered: paged and clocked anew, under the plan version that it began with.

    What was attested for its closing counts no more, and alerts that were judged are open to judgement again.

    Raises:
        Missing; Denied: by the plan; Conflict: it is still open, or was merged.
    """
    held = await begin(unit, REOPEN, ref, alerts=True)
    after = await transit(unit, held.incident, lifecycle.REOPEN, reason=reason)
    await clocks.start(unit, [acknowledge_clock(after, held.version.plan, unit.now)])
    why = f"{unit.principal.name} reopened it: {reason}" if reason else f"{unit.principal.name} reopened it."
    await page_again(unit, replace(held, incident=after), why)
    return after
