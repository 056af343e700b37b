"""Why an alert paged nobody, or which incident it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.incidents.actions.explain import explain_held_alert
from muster.incidents.explaining import Explanation

router = page_router("/alerts/{alert_id}")


@template("incidents/explanation.html")
@dataclass(frozen=True, slots=True)
class ExplanationView:
    """What became of the alert at `url`."""

    explanation: Explanation
    url: str
    topics: Sequence[str] = ("alerts",)


@router.get("/why")
@needs(Permission.ALERT_READ)
async def why_page(unit: Uses, request: Request, alert_id: UUID) -> Response:
    """Explain what became of an alert."""
    return render(request, ExplanationView(await explain_held_alert(unit, alert_id), f"/alerts/{alert_id}"))
