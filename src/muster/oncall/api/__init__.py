"""Schedules, overrides and who is on call as JSON (R72)."""

from fastapi import APIRouter

from muster.oncall.api import (
    calendars,
    coverage,
    feeds,
    my_shifts,
    on_call,
    overrides,
    requests,
    schedules,
)

ROUTERS: tuple[APIRouter, ...] = (
    on_call.router,
    coverage.router,
    schedules.router,
    calendars.router,
    overrides.router,
    requests.router,
    my_shifts.router,
    feeds.router,
)
