"""Schedules, overrides and who is on call as JSON (R72)."""

from fastapi import APIRouter

from muster.oncall.api import coverage, on_call, overrides, schedules

router = APIRouter()
for _each in (on_call, coverage, schedules, overrides):
    router.include_router(_each.router)

__all__ = ["router"]
