"""Why an alert paged nobody, or which incident it belongs to."""

from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.incidents.actions.explain import explain_held_alert

router = page_router("/alerts/{alert_id}")


@router.get("/why")
@needs(Permission.ALERT_READ)
async def why_page(unit: Uses, request: Request, alert_id: UUID) -> Response:
    """Explain what became of an alert."""
    told = await explain_held_alert(unit, alert_id)
    return render(request, "response/why.html", told=told, url=f"/alerts/{alert_id}", topics=["alerts"])
