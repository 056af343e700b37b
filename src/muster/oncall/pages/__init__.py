"""On call in the browser: the week of every schedule, one schedule in full, overrides in two taps, the editor (R72)."""

from fastapi import APIRouter

from muster.oncall.pages import (
    calendars,
    editing,
    exchange,
    fairness,
    feed,
    index,
    mine,
    notes,
    overrides,
    requests,
    schedule,
    schedules,
    shift,
)

ROUTERS: tuple[APIRouter, ...] = (
    index.router,
    editing.router,
    schedules.router,
    schedule.router,
    shift.router,
    exchange.router,
    overrides.router,
    feed.router,
    mine.router,
    requests.router,
    notes.router,
    fairness.router,
    calendars.router,
)
