"""Paging as JSON."""

from muster.paging.api import chains, deliveries, notify, path, simulating

ROUTERS = (deliveries.router, simulating.router, chains.router, path.router, notify.router)

__all__ = ["ROUTERS"]
