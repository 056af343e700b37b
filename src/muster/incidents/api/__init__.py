"""Incidents as JSON."""

from muster.incidents.api import asking, belonging, explaining, export, listing, moving, paging, telling

ROUTERS = (
    export.router,
    explaining.router,
    listing.router,
    moving.router,
    belonging.router,
    asking.router,
    telling.router,
    paging.router,
)

__all__ = ["ROUTERS"]
