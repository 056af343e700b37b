"""The heartbeat that Muster sends: while it stays away, an outside system knows that Muster pages nobody any more."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from muster.base.work import Job, Leased, enqueue
from muster.paging.channel import Receipt
from muster.paging.loop import withheld
from muster.paging.store import loops

BEAT = "heartbeat.out"
log = structlog.get_logger("muster.heartbeat")


class OwnHeartbeat:
    """The handler. `beat` calls the outside address; None where there is none."""

    def __init__(self, beat: Callable[[], Awaitable[Receipt]] | None, every: timedelta) -> None:
        self._beat, self._every = beat, every

    async def run(self, leased: Leased) -> None:
        """Call, unless no way of paging works: that the queue runs and the database answers is proven by being here."""
        if self._beat is not None:
            async with leased.database.read() as conn:
                trouble = withheld(await loops.rounds(conn), leased.database.clock.now())
            if trouble:
                log.error("heartbeat.withheld", reason=trouble)
            elif not (receipt := await self._beat()).outcome.sent:
                log.warning("heartbeat.unheard", reason=receipt.reason)
        async with leased.finish() as unit:
            if self._beat is not None:
                await enqueue(unit, [Job(BEAT, "periodic", run_at=unit.now + self._every)])
