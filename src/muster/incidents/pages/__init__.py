"""Incidents in the browser: all of them, reporting one, its own page, who was paged for it and why, and the one-tap links."""

from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.incidents.pages import (
    alert_list,
    asking,
    explanation,
    incident,
    incident_list,
    one_tap,
    one_tap_all,
    page_history,
    report,
    writing,
)
from muster.incidents.pages.action_forms import action_pages

ROUTERS = (
    one_tap_all.router,
    one_tap.router,
    incident_list.router,
    report.router,
    alert_list.router,
    page_history.router,
    explanation.router,
    incident.router,
    action_pages(ports_of(installed()).of(IncidentAction)),
    asking.router,
    writing.router,
)
