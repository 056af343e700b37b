"""Alerts, signals, silences and integrations as JSON."""

from muster.alerts.api import alerts, heartbeats, integrations, signals, silences

ROUTERS = (
    alerts.router,
    alerts.noise_router,
    signals.router,
    silences.router,
    integrations.router,
    heartbeats.router,
    integrations.formats,
)
