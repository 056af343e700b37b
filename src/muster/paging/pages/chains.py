"""Whether every chain of the plan would wake somebody, at every moment of the next 90 days (R73, R74)."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.paging.actions.chains import AHEAD, look
from muster.paging.chains import GRAVE, Weakness
from muster.plan import store as plans

WORDS = {
    Weakness.NOBODY: "wakes nobody",
    Weakness.CONDITIONAL: "under a condition only",
    Weakness.UNPROVEN: "unproven contacts",
    Weakness.FIRST_STEP: "first step wakes nobody",
    Weakness.DEPARTED: "names who is not there",
}
router = page_router("/on-call/chains")


@router.get("")
@needs(Permission.PLAN_READ)
async def chains_page(unit: Uses, request: Request) -> Response:
    """Show what is wrong with the chains as they are now."""
    version = await plans.in_force(unit.conn)
    return render(
        request,
        "paging/chains.html",
        flaws=await look(unit),
        words=WORDS,
        grave=GRAVE,
        policies=sorted(version.plan.escalation) if version else [],
        until=unit.now + AHEAD,
        topics=["schedules", "people", "plan", "chains"],
    )
