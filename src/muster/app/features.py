"""The list of what this Muster is made of: routers, job kinds and commands, feature by feature."""

from fastapi import APIRouter

import muster.clocks.api
import muster.clocks.jobs
from muster.base.web import stream
from muster.base.work.runner import Handler

ROUTERS: tuple[APIRouter, ...] = (
    stream.router,
    muster.clocks.api.router,
)

COMMANDS: dict[str, str] = {
    "clock": "muster.clocks.cli:app",
}


def handlers() -> dict[str, Handler]:
    """Every job kind with its handler."""
    return {**muster.clocks.jobs.handlers()}
