"""Alerts, signals, silences and integrations as JSON."""

from muster.alerts.api import alerts, formats, heartbeats, integrations, noise, signals, silences, trying

ROUTERS = tuple(
    module.router for module in (alerts, noise, signals, silences, integrations, heartbeats, formats, trying)
)
