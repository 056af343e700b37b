"""Alerts, signals, silences and integrations as JSON."""

from muster.alerts.api import alerts, formats, heartbeats, integrations, noise, payload_trial, signals, silences

ROUTERS = tuple(
    module.router for module in (alerts, noise, signals, silences, integrations, heartbeats, formats, payload_trial)
)
