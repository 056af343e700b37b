"""On call in the browser: the week of every schedule, one schedule in full, overrides in two taps, the editor (R72)."""

from fastapi import APIRouter

from muster.oncall.pages import (
    calendars,
    editor,
    fairness,
    my_shifts,
    overrides,
    overview,
    requests,
    schedule,
    shift,
)

ROUTERS: tuple[APIRouter, ...] = (
    overview.router,
    editor.router,
    schedule.router,
    shift.router,
    overrides.router,
    my_shifts.router,
    requests.router,
    fairness.router,
    calendars.router,
)
