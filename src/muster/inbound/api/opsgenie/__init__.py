"""What Opsgenie's Alert API answers below an integration's key, beyond taking signals."""

from muster.inbound.api.opsgenie import acting, nowhere, reading

ROUTERS = (reading.router, acting.router, nowhere.router)
