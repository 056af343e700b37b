"""What integrations answer beyond taking signals."""

from muster.integrations.api import alertmanager, callbacks, linking

ROUTERS = (alertmanager.router, linking.push, linking.telegram, *callbacks.ROUTERS)
