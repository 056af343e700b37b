"""Keeps long-lived tasks alive: one that dies is started again, counted, and seen by whoever asks whether this node is well."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from muster.kit.errors import Unavailable

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
AWAY_PAUSE = 0.5
STEADY = 60.0
"""A task that ran for so many seconds had recovered: its next death is a new one."""
DYING = 3
"""After so many deaths without a steady stretch between them, a task does not count as alive."""

log = structlog.get_logger("muster.tasks")


@dataclass(slots=True, eq=False)
class Supervised:
    """One task of this process: how often it died, what of, and how often since it last ran steadily."""

    name: str
    deaths: int = 0
    in_a_row: int = 0
    reason: str = ""
    steady_from: float = 0.0

    @property
    def alive(self) -> bool:
        """Whether it does its work, as far as anybody can tell from outside."""
        return self.in_a_row < DYING or asyncio.get_running_loop().time() >= self.steady_from


_tasks: set[Supervised] = set()


def supervised() -> list[Supervised]:
    """The tasks that should be running in this process now, by name."""
    return sorted(_tasks, key=lambda task: task.name)


def supervise(name: str, work: Callable[[], Awaitable[Any]]) -> "asyncio.Task[None]":
    """Run `work()`, and run it again whenever it raises; end it by cancelling the task, or by letting it return."""
    return asyncio.create_task(_keep(Supervised(name), work), name=name)


async def end_tasks(tasks: "Iterable[asyncio.Task[Any]]") -> None:
    """Cancel tasks and wait until they are gone, whatever they raise."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


async def _keep(task: Supervised, work: Callable[[], Awaitable[Any]]) -> None:
    loop = asyncio.get_running_loop()
    _tasks.add(task)
    try:
        while True:
            began = loop.time()
            try:
                await work()
                return
            except Unavailable as away:
                # What it needs is away for a while; restarting this process would not bring it back.
                pause = AWAY_PAUSE
                with contextlib.suppress(Exception):
                    log.warning("task.waits", task=task.name, reason=str(away), again_in=pause)
            except Exception as error:
                task.in_a_row = 1 if loop.time() - began > STEADY else task.in_a_row + 1
                task.deaths += 1
                task.reason = f"{type(error).__name__}: {error}"
                pause = min(FIRST_PAUSE * 2 ** (task.in_a_row - 1), LONGEST_PAUSE)
                task.steady_from = loop.time() + pause + STEADY
                with contextlib.suppress(Exception):
                    log.error("task.died", task=task.name, deaths=task.deaths, again_in=pause, exc_info=error)
            await asyncio.sleep(pause)
    finally:
        _tasks.discard(task)
