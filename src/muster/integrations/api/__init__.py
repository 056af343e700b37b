"""What integrations answer beyond taking signals."""

from muster.integrations.api import alertmanager, callbacks, channels, linking

ROUTERS = (alertmanager.router, channels.router, linking.push, linking.telegram, *callbacks.ROUTERS)
