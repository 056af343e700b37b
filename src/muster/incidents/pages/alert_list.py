"""All alerts of an incident, a page at a time: its own page shows only the gravest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from muster.alerts.pages.parts import Row, row
from muster.alerts.store import integrations
from muster.base.access import Permission
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import Tab, template
from muster.incidents.actions.guard import existing
from muster.incidents.belongings import AlertCount
from muster.incidents.pages.rows import IncidentHead, Ref, head_of, url_of
from muster.incidents.store import joined, lists

PAGE = 50
VIEWS: dict[str, joined.Which] = {"All": "all", "Firing": "active", "Resolved": "resolved"}
router = page_router("/incidents/{ref}")


@template("incidents/alerts.html")
@dataclass(frozen=True, slots=True)
class IncidentAlerts:
    """A page of an incident's alerts, of the tab that is `chosen`."""

    incident: IncidentHead
    rows: Sequence[Row]
    tabs: Sequence[Tab]
    chosen: str
    total: int
    previous: str
    following: str
    topics: Sequence[str]


@router.get("/alerts")
@needs(Permission.INCIDENT_READ)
async def incident_alerts_page(
    unit: Uses, request: Request, ref: Ref, view: Asked = "All", after: Asked = ""
) -> Response:
    """List the alerts of an incident those that joined last first."""
    tab = view if view in VIEWS else "All"
    incident, cursor = await existing(unit.conn, ref), decode(after or None, datetime, UUID)
    after_it = (cursor[0], cursor[1]) if cursor else None
    found = await joined.page(unit.conn, incident.id, VIEWS[tab], PAGE + 1, after_it, newest=True)
    kept, following = page_of(found, PAGE, lambda entry: (entry.at, entry.alert.id))
    counted = (await lists.alert_counts(unit.conn, [incident.id])).get(incident.id, AlertCount())
    counts = {"All": counted.all, "Firing": counted.firing, "Resolved": counted.all - counted.firing}
    names = {integration.id: integration.name for integration in await integrations.every(unit.conn)}
    here = url_of(incident, "alerts")
    page = IncidentAlerts(
        incident=head_of(incident),
        rows=[row(entry.alert, names) for entry in kept],
        tabs=[Tab(label, address(here, {"view": label}), f"{counts[label]:,}") for label in VIEWS],
        chosen=tab,
        total=counts[tab],
        previous=address(here, {"view": tab}) if cursor else "",
        following=address(here, {"view": tab, "after": following}) if following else "",
        topics=[incident.stream],
    )
    return render(request, page)
