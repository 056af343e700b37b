"""Incidents as JSON."""

from muster.incidents.api import belonging, export, listing, moving, paging, telling

ROUTERS = (export.router, listing.router, moving.router, belonging.router, telling.router, paging.router)

__all__ = ["ROUTERS"]
