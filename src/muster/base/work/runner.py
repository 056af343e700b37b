"""Runs jobs: takes what is due, sleeps until the next is due or somebody wakes it, and never polls in between but as a backup."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import queue
from muster.base.work.job import LeaseLost, QueuedJob
from muster.kit.errors import Unavailable

BACKUP_POLL = queue.SOON.total_seconds()
RENEW_EVERY = 10.0
MOST_ATTEMPTS = 25
LONGEST_PAUSE = 300.0

log = structlog.get_logger("muster.work")


class Leased:
    """A job in a handler's hands."""

    __slots__ = ("database", "job")

    def __init__(self, database: Database, job: QueuedJob) -> None:
        self.database, self.job = database, job

    @contextlib.asynccontextmanager
    async def finish(self) -> AsyncIterator[Unit]:
        """The unit that writes the job's effects and ends the job, together or not at all.

        Raises:
            LeaseLost: the job was cancelled or taken over; nothing is written.
        """
        async with self.database.unit(SYSTEM) as unit:
            if not await queue.finish(unit.conn, [self.job]):
                raise LeaseLost(self.job.key)
            yield unit

    async def retry(self, after: timedelta, reason: str) -> None:
        """Put the job back to be run again after a pause."""
        async with self.database.unit(SYSTEM) as unit:
            await queue.put_back(unit.conn, self.job, unit.now + after, reason)


Handler = Callable[[Leased], Awaitable[None]]


class Runner:
    """The worker of one process. `handlers` by job kind; `limits` bounds how many of a kind run at once (default 16)."""

    def __init__(
        self, database: Database, node: str, handlers: dict[str, Handler], limits: dict[str, int] | None = None
    ) -> None:
        self.database, self.node, self.handlers = database, node, handlers
        self._gates = {kind: asyncio.Semaphore((limits or {}).get(kind, 16)) for kind in handlers}
        self._wake = asyncio.Event()
        self._running: dict[asyncio.Task[None], QueuedJob] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._room = 2 * sum((limits or {}).get(kind, 16) for kind in handlers)

    async def start(self) -> None:
        """Free what an earlier life of this node held, then begin."""
        async with self.database.unit(SYSTEM) as unit:
            await queue.release_expired(unit.conn, self.node)
        self.database.hands.join(self.node, self.take, self._wake.set)
        self.database.live.on_topic(lambda topic: self._wake.set() if topic in ("work", "*") else None)
        self._tasks = [asyncio.create_task(self._loop()), asyncio.create_task(self._keep_leases())]

    async def stop(self) -> None:
        """Finish nothing new; what was in hand is freed for the next start or another node."""
        self.database.hands.let_go()
        for task in (*self._tasks, *self._running):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._running, return_exceptions=True)
        with contextlib.suppress(Unavailable):
            async with self.database.unit(SYSTEM) as unit:
                await queue.release_expired(unit.conn, self.node)

    def wake(self) -> None:
        """Look again now; tests call it after moving their clock."""
        self._wake.set()

    def take(self, jobs: Sequence[QueuedJob]) -> None:
        """Start jobs that this node already holds."""
        for job in jobs:
            task = asyncio.create_task(self._run(job))
            self._running[task] = job
            task.add_done_callback(self._ended)

    async def drain(self) -> None:
        """Return once nothing is due and nothing is running; for tests and orderly stops."""
        while True:
            if self._running:
                await asyncio.wait(set(self._running))
                continue
            if not await self._claim():
                return

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.pop(task, None)
        if len(self._running) == self._room - 1:
            self._wake.set()

    async def _loop(self) -> None:
        pause = 0.0
        while True:
            try:
                self._wake.clear()
                while await self._claim():
                    pass
                pause = await self._until_next()
            except Unavailable:
                pause = 0.5
            except Exception:
                log.exception("queue.claim_failed")
                pause = 1.0
            with contextlib.suppress(TimeoutError):
                # Not wait_for: Python 3.11's swallows a cancellation that comes together with the wake.
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _claim(self) -> int:
        room = self._room - len(self._running)
        if room <= 0:
            return 0
        async with self.database.unit(SYSTEM) as unit:
            jobs = await queue.claim(unit.conn, self.node, unit.now, list(self.handlers), room)
        self.take(jobs)
        return len(jobs)

    async def _until_next(self) -> float:
        if len(self._running) >= self._room:
            return BACKUP_POLL
        async with self.database.read() as conn:
            due = await queue.next_due(conn, list(self.handlers))
        if due is None:
            return BACKUP_POLL
        return max(0.0, min(BACKUP_POLL, (due - self.database.clock.now()).total_seconds()))

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                async with self.database.unit(SYSTEM) as unit:
                    # Only what is in hand: a lease that was taken by a commit whose answer got lost must run out.
                    await queue.renew(unit.conn, self.node, [job.id for job in self._running.values()])
                async with self.database.unit(SYSTEM) as unit:
                    if await queue.release_expired(unit.conn):
                        self._wake.set()
            except Unavailable:
                log.warning("queue.database_away")
            except Exception:
                log.exception("queue.renew_failed")

    async def _run(self, job: QueuedJob) -> None:
        async with self._gates[job.kind]:
            try:
                await self.handlers[job.kind](Leased(self.database, job))
            except LeaseLost:
                log.info("job.lease_lost", kind=job.kind, key=job.key)
            except Exception as error:
                await self._failed(job, error)

    async def _failed(self, job: QueuedJob, error: Exception) -> None:
        dead = job.attempts >= MOST_ATTEMPTS
        log.error("job.failed", kind=job.kind, key=job.key, attempts=job.attempts, dead=dead, exc_info=error)
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** min(job.attempts, 12)) * random.uniform(0.8, 1.2)
        with contextlib.suppress(Unavailable):
            async with self.database.unit(SYSTEM) as unit:
                due = unit.now + timedelta(seconds=pause)
                await queue.put_back(unit.conn, job, due, f"{type(error).__name__}: {error}", dead=dead)
