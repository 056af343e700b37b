"""What integrations answer beyond taking signals."""

from muster.integrations.api import alertmanager, callbacks, channels, linking, opsgenie

ROUTERS = (alertmanager.router, *opsgenie.ROUTERS, channels.router, linking.push, linking.telegram, *callbacks.ROUTERS)
