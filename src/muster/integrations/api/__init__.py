"""What integrations answer beyond taking signals."""

from muster.integrations.api import alertmanager

ROUTERS = (alertmanager.router,)
