"""What Opsgenie's Alert API answers below an integration's key, beyond taking signals."""

from muster.integrations.api.opsgenie import acting, nowhere, reading

ROUTERS = (reading.router, acting.router, nowhere.router)
