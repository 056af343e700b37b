"""Paging as JSON."""

from muster.paging.api import deliveries, simulating

ROUTERS = (deliveries.router, simulating.router)

__all__ = ["ROUTERS"]
