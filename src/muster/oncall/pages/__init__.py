"""On call in the browser: the week of every schedule, one schedule in full, overrides in two taps, the editor (R72)."""

from fastapi import APIRouter

from muster.oncall.pages import (
    calendars,
    editor,
    exchange,
    fairness,
    feed,
    my_shifts,
    notes,
    overrides,
    overview,
    requests,
    schedule,
    schedules,
    shift,
)

ROUTERS: tuple[APIRouter, ...] = (
    overview.router,
    editor.router,
    schedules.router,
    schedule.router,
    shift.router,
    exchange.router,
    overrides.router,
    feed.router,
    my_shifts.router,
    requests.router,
    notes.router,
    fairness.router,
    calendars.router,
)
