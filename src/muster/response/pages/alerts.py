"""All alerts of an incident, a page at a time: its own page shows only the gravest."""

from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from muster.alerts.pages.parts import row
from muster.alerts.store import integrations
from muster.base.access import Permission
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.incidents.actions.guard import existing
from muster.incidents.belongings import AlertCount
from muster.incidents.store import joined, lists
from muster.response.pages.rows import url_of
from muster.response.pages.show import Ref

PAGE = 50
VIEWS: dict[str, joined.Which] = {"All": "all", "Firing": "active", "Resolved": "resolved"}
router = page_router("/incidents/{ref}")


@router.get("/alerts")
@needs(Permission.INCIDENT_READ)
async def incident_alerts_page(
    unit: Uses, request: Request, ref: Ref, view: Asked = "All", after: Asked = ""
) -> Response:
    """List the alerts of an incident those that joined last first."""
    view = view if view in VIEWS else "All"
    incident, cursor = await existing(unit.conn, ref), decode(after or None, datetime, UUID)
    after_it = (cursor[0], cursor[1]) if cursor else None
    found = await joined.page(unit.conn, incident.id, VIEWS[view], PAGE + 1, after_it, newest=True)
    kept, following = page_of(found, PAGE, lambda entry: (entry.at, entry.alert.id))
    counted = (await lists.alert_counts(unit.conn, [incident.id])).get(incident.id, AlertCount())
    counts = {"All": counted.all, "Firing": counted.firing, "Resolved": counted.all - counted.firing}
    names = {integration.id: integration.name for integration in await integrations.every(unit.conn)}
    here = url_of(incident, "alerts")
    return render(
        request,
        "response/alerts.html",
        incident={"ref": incident.ref, "title": incident.title, "url": url_of(incident)},
        rows=[row(entry.alert, names) for entry in kept],
        views=[
            {"label": label, "url": address(here, {"view": label}), "count": f"{counts[label]:,}"} for label in VIEWS
        ],
        chosen=view,
        total=counts[view],
        previous=address(here, {"view": view}) if cursor else "",
        following=address(here, {"view": view, "after": following}) if following else "",
        topics=[incident.stream],
    )
