"""Paging as JSON."""

from muster.paging.api import chains, deliveries, simulating

ROUTERS = (deliveries.router, simulating.router, chains.router)

__all__ = ["ROUTERS"]
