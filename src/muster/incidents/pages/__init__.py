"""Incidents in the browser: all of them, reporting one, its alerts, who was paged for it and why, and the one-tap links."""

from muster.incidents.pages import (
    alert_list,
    explanation,
    incident_list,
    one_tap,
    one_tap_all,
    page_history,
    report,
)

ROUTERS = (
    one_tap_all.router,
    one_tap.router,
    incident_list.router,
    report.router,
    alert_list.router,
    page_history.router,
    explanation.router,
)
