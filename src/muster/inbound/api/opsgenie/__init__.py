"""What Opsgenie's Alert API answers below an integration's key, beyond taking signals."""

from muster.inbound.api.opsgenie import alert_actions, queries

ROUTERS = (queries.router, alert_actions.router)
