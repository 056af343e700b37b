"""The APIs that senders expect below an integration's key, beyond taking signals: Alertmanager's and Opsgenie's."""

from muster.inbound.api import alertmanager, opsgenie

ROUTERS = (alertmanager.router, *opsgenie.ROUTERS)
