"""Sends a synthetic page through each channel's loop, keeps what came of it, and tells of what broke through another one."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.kit.duration import format_duration
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.watchers import tell_watchers
from muster.paging.channel import Receipt, retry
from muster.paging.events import PATH_BROKEN, PATH_MENDED
from muster.paging.loop import PATIENCE, Loop, News, follow, next_run
from muster.paging.store import loops as store

WATCH = "path.watch"
STREAM = "path"


class Watch:
    """The handler; `loops` are those of the channels that are set up."""

    def __init__(self, loops: Mapping[str, Loop]) -> None:
        self._loops = loops

    async def run(self, leased: Leased) -> None:
        """One round through every loop, and the next one's time."""
        tried = await self._try_all(leased.database)
        async with leased.finish() as unit:
            rounds = await store.rounds(unit.conn)
            news = [
                follow(rounds.get(channel), channel, self._loops[channel].closed, receipt, at, took)
                for channel, receipt, at, took in tried
            ]
            await store.put(unit.conn, [item.round for item in news])
            await store.keep_only(unit.conn, [item.round.channel for item in news])
            for each in news:
                await _tell(unit, each)
            if any(item.broke or item.mended or item.round.failures for item in news):
                unit.publish("paging")
            again = next_run({item.round.channel: item.round for item in news}, unit.now)
            await enqueue(unit, [Job(WATCH, "periodic", run_at=again)])

    async def _try_all(self, database: Database) -> list[tuple[str, Receipt, datetime, timedelta]]:
        tried = await asyncio.gather(*(self._try(database, channel) for channel in self._loops))
        return [each for each in tried if each is not None]

    async def _try(self, database: Database, channel: str) -> tuple[str, Receipt, datetime, timedelta] | None:
        now, began = database.clock.now(), asyncio.get_running_loop().time()
        try:
            receipt = await asyncio.wait_for(self._loops[channel].prove(new_id(now), now), PATIENCE.total_seconds())
        except TimeoutError:
            receipt = retry(f"It did not come back within {format_duration(PATIENCE)}.")
        took = timedelta(seconds=round(asyncio.get_running_loop().time() - began, 3))
        return None if receipt is None else (channel, receipt, now, took)


async def _tell(unit: Unit, news: News) -> None:
    now, channel = news.round, news.round.channel
    data = {"channel": channel, "failing_since": now.failing_since, "failures": now.failures}
    if news.broke:
        await record(unit, Event(STREAM, PATH_BROKEN, data, now.reason))
        title = f"Muster's way of paging by {channel} is broken"
        body = (
            f"Two synthetic pages in a row did not come through. {now.reason} People are paged by their other contacts."
        )
        await tell_watchers(unit, title, body, without=[channel])
    elif news.mended:
        await record(unit, Event(STREAM, PATH_MENDED, data, now.reason))
        await tell_watchers(unit, f"Muster's way of paging by {channel} works again", now.reason)
