"""Whether every chain of the plan would wake somebody, at every moment of the next 90 days (R73, R74)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.paging.actions.chain_check import AHEAD, look
from muster.paging.chain_flaws import GRAVE, Flaw, Weakness
from muster.plan import store as plans

WORDS = {
    Weakness.NOBODY: "wakes nobody",
    Weakness.CONDITIONAL: "under a condition only",
    Weakness.UNPROVEN: "unproven contacts",
    Weakness.FIRST_STEP: "first step wakes nobody",
    Weakness.DEPARTED: "names who is not there",
}
router = page_router("/on-call/chains")


@dataclass(frozen=True, slots=True)
class FlawRow:
    """One flaw in the list."""

    policy: str
    sentence: str
    weakness: str
    tone: str
    start: datetime
    times: int


@template("paging/chains.html")
@dataclass(frozen=True, slots=True)
class ChainsView:
    """The flaws of the plan's chains; without `policies` there is no plan yet."""

    flaws: Sequence[FlawRow]
    policies: Sequence[str]
    until: datetime
    topics: Sequence[str] = ("schedules", "people", "plan", "chains")


@router.get("")
@needs(Permission.PLAN_READ)
async def chains_page(unit: Uses, request: Request) -> Response:
    """Show what is wrong with the chains as they are now."""
    version = await plans.in_force(unit.conn)
    flaws = [_row(flaw) for flaw in await look(unit)]
    policies = sorted(version.plan.escalation) if version else []
    return render(request, ChainsView(flaws, policies, unit.now + AHEAD))


def _row(flaw: Flaw) -> FlawRow:
    tone = "failed" if flaw.weakness in GRAVE else "waiting"
    return FlawRow(flaw.policy, flaw.sentence, WORDS[flaw.weakness], tone, flaw.start, flaw.times)
