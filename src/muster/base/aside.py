"""Costly reading off the event loop: one at a time, few waiting, so that what a person sends delays no alert.

A thread and not a process: what is read here is bounded in values and size before, it is Python from end to end, and the
interpreter hands over every millisecond meanwhile; a process would pay more for carrying a plan to and fro.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from muster.kit.errors import Unavailable

MOST_WAITING = 16
HANDS_OVER = 0.001
Result = TypeVar("Result")
P = ParamSpec("P")

_POOL = ThreadPoolExecutor(1, "aside")
_REPORTS = ThreadPoolExecutor(1, "reports")
_in_hand = 0


async def aside(call: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Call something pure and slow without holding anybody up.

    Raises:
        Unavailable: too much of the kind waits already.
    """
    global _in_hand
    if _in_hand >= MOST_WAITING:
        raise Unavailable("Muster is busy reading what others sent.", "Try again in a few seconds.")
    _in_hand += 1
    sys.setswitchinterval(HANDS_OVER)
    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, lambda: call(*args, **kwargs))
    finally:
        _in_hand -= 1


async def report_aside(call: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Read a sender's large report without holding up small ones. None is refused, and none waits behind what persons send:
    their number is bounded by the memory for bodies."""
    sys.setswitchinterval(HANDS_OVER)
    return await asyncio.get_running_loop().run_in_executor(_REPORTS, lambda: call(*args, **kwargs))
