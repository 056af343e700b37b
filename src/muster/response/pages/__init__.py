"""Incidents in the browser: all of them, one with its obligations, reporting one, who was paged for it and why."""

from muster.response.pages import alerts, asking, belongings, listing, paged, reporting, show, verbs, why

ROUTERS = (
    listing.router,
    reporting.router,
    show.router,
    alerts.router,
    paged.router,
    verbs.router,
    asking.router,
    why.router,
    belongings.router,
)
