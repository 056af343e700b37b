"""Alerts, signals, silences and integrations as JSON."""

from fastapi import APIRouter

from muster.alerts.api import alerts, integrations, noise, signals, silences

router = APIRouter()
for _each in (alerts, noise, signals, silences, integrations):
    router.include_router(_each.router)

__all__ = ["router"]
