"""Paging as JSON."""

from muster.paging.api import chains, deliveries, dry_run, notify, path

ROUTERS = (deliveries.router, dry_run.router, chains.router, path.router, notify.router)

__all__ = ["ROUTERS"]
