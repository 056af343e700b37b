"""How long a single turn of the event loop keeps the processor: while it lasts nothing else is answered.

In processor time of the loop's thread, so that it counts on a busy machine too. `watch` is called in the process to be measured;
what held for long is appended to a file, a line each.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

FROM = 20.0
"""Milliseconds from which a turn is noted."""


def watch(file: str) -> None:
    """Note from here on every long turn of any loop of this process; the loop is Python's own, whose turns can be watched."""
    import uvloop

    uvloop.run = asyncio.run
    plain = asyncio.events.Handle._run
    into = Path(file).open("a", buffering=1)  # noqa: SIM115

    def run(self: Any) -> Any:
        began = time.thread_time()
        answer = plain(self)
        if (held := (time.thread_time() - began) * 1000) > FROM:
            task = getattr(self._callback, "__self__", None)
            into.write(json.dumps([round(held), _name(task)]) + "\n")
        return answer

    asyncio.events.Handle._run = run  # type: ignore[method-assign]


def read(file: Path, since: int) -> tuple[list[tuple[float, str]], int]:
    """The turns that were noted beyond a place in the file, the longest first, and where it ends now."""
    with file.open() as found:
        found.seek(since)
        lines = found.read().splitlines()
        return sorted((tuple(json.loads(line)) for line in lines), reverse=True), found.tell()


def _name(task: Any) -> str:
    """Where a task stands after the turn: the innermost frame of it that is known."""
    if not isinstance(task, asyncio.Task):
        return str(task)[:80]
    coroutine, names = task.get_coro(), []
    while coroutine is not None and len(names) < 40:
        names.append(getattr(coroutine, "__qualname__", type(coroutine).__name__))
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
    return " > ".join(names[-6:])
