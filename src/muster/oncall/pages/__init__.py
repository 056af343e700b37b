"""On call in the browser: the week of every schedule, one schedule in full, overrides in two taps, the editor (R72)."""

from fastapi import APIRouter

from muster.oncall.pages import editing, index, overrides, schedule

router = APIRouter()
for _each in (index, editing, schedule, overrides):
    router.include_router(_each.router)

__all__ = ["router"]
