"""Schedules, overrides and who is on call as JSON (R72)."""

from fastapi import APIRouter

from muster.oncall.api import coverage, on_call, overrides, schedules

ROUTERS: tuple[APIRouter, ...] = (on_call.router, coverage.router, schedules.router, overrides.router)
