"""Incidents as JSON."""

from muster.incidents.action import ACTIONS
from muster.incidents.api import asking, belonging, explaining, export, listing, paging, report, timeline
from muster.incidents.api.action_routes import action_routes

ROUTERS = (
    export.router,
    explaining.router,
    listing.router,
    report.router,
    action_routes(ACTIONS),
    belonging.router,
    asking.router,
    timeline.router,
    paging.router,
)

__all__ = ["ROUTERS"]
