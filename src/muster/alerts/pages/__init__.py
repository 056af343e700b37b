"""Alerts, silences, noise, raw signals and integrations in the browser."""

from muster.alerts.pages import alert, integration, integrations, lists, mapping, silences

ROUTERS = (lists.router, alert.router, silences.router, integrations.router, integration.router, mapping.router)
