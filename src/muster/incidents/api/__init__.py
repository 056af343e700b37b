"""Incidents as JSON, with a route for each action of every feature."""

from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.incidents.api import asking, belonging, explaining, export, listing, paging, report, timeline
from muster.incidents.api.action_routes import action_routes

ROUTERS = (
    export.router,
    explaining.router,
    listing.router,
    report.router,
    action_routes(ports_of(installed()).of(IncidentAction)),
    belonging.router,
    asking.router,
    timeline.router,
    paging.router,
)

__all__ = ["ROUTERS"]
