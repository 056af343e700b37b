"""Runs jobs: takes what is due, sleeps until the next is due or somebody wakes it, and never polls in between but as a backup."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.live import CHANNEL, echo
from muster.base.supervise import supervise
from muster.base.unit import Unit
from muster.base.work import nodes, queue
from muster.base.work.job import LeaseLost, QueuedJob
from muster.base.work.nodes import Node
from muster.kit.errors import Unavailable

BACKUP_POLL = queue.SOON.total_seconds()
RENEW_EVERY = 5
"""In beats."""
MOST_ATTEMPTS = 25
LONGEST_PAUSE = 300.0
SOON_AGAIN = 0.5
"""Seconds between two tries to write what must be written once the database is back."""
GRACE = 5.0
"""For so many seconds an orderly stop waits for what is in hand, so that nothing that is being sent is sent again."""
LEAVE_WITHIN = 2.0
"""For so many seconds a stop tries to say so in the database; one that hangs is not waited for, since others take over anyway."""

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


async def when_it_is_there(write: Callable[[], Awaitable[None]]) -> None:
    """Write what is in hand, now or once the database is back: else it would wait until its lease runs out."""
    while True:
        try:
            await write()
            return
        except Unavailable:
            await asyncio.sleep(SOON_AGAIN)


Handler = Callable[[Leased], Awaitable[None]]


class Runner:
    """The worker of one process. `handlers` by job kind; `limits` bounds how many of a kind run at once (default 16).

    `alone` says that no other process can be on this database.
    """

    def __init__(
        self,
        database: Database,
        node: str,
        handlers: dict[str, Handler],
        limits: dict[str, int] | None = None,
        *,
        alone: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database, self.handlers = database, handlers
        self.node = Node(node)
        self._alone, self._monotonic = alone, monotonic
        self._limits = {kind: (limits or {}).get(kind, 16) for kind in handlers}
        self._gates = {kind: asyncio.Semaphore(limit) for kind, limit in self._limits.items()}
        self._wake = asyncio.Event()
        self._running: dict[asyncio.Task[None], QueuedJob] = {}
        self._in_hand: Counter[str] = Counter()
        self._begun: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._beating: asyncio.Task[None] | None = None
        self._beats = 0
        self._beating_since = self._last_beat = float("-inf")

    async def start(self) -> None:
        """Be alive under the node's name, free what an earlier life of it held, then begin.

        Raises:
            Conflict: another process that is alive has the name.
        """
        if self._tasks:
            return
        await self._join()
        self.database.hands.join(self.node.holder, self.take, self._wake.set)
        self.database.live.on_topic(lambda topic: self._wake.set() if topic in ("work", "*") else None)
        self._beating = supervise("leases", self._beat_for_ever)
        self._tasks = [supervise("queue", self._loop), self._beating]

    async def stop(self, grace: float = GRACE) -> None:
        """Begin nothing new, and let what is being done come to its end; what is left is freed for others."""
        self.database.hands.let_go()
        for task in (*self._tasks, *self._running):
            # Those that have begun go on, and the beat with them: what is in hand stays ours until it is done.
            if task is not self._beating and task not in self._begun:
                task.cancel()
        if self._begun:
            await asyncio.wait(set(self._begun), timeout=grace)
        left = [*self._tasks, *self._running]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(LEAVE_WITHIN), self.database.unit(SYSTEM) as unit:
                await nodes.leave(unit.conn, self.node)

    def wake(self) -> None:
        """Look again now; tests call it after moving their clock."""
        self._wake.set()

    def take(self, jobs: Sequence[QueuedJob]) -> None:
        """Start jobs that this process already holds."""
        for job in jobs:
            task = asyncio.create_task(self._run(job))
            self._running[task] = job
            self._in_hand[job.kind] += 1
            task.add_done_callback(self._ended)

    async def drain(self) -> None:
        """Return once nothing is due and nothing is running; for tests and orderly stops."""
        while True:
            if self._running:
                await asyncio.wait(set(self._running))
                continue
            if not await self._claim():
                return

    async def beat(self) -> None:
        """Tell the others that this process is alive, and take over from those that are not.

        A process judges others only after it was heard itself for as long as they may be silent: after an outage of the
        database everybody gets the time to be heard again.
        """
        self._beats += 1
        async with self.database.read() as conn:
            told = await nodes.beat(conn, self.node, CHANNEL, echo(self.node.holder, self.database.live.next_echo()))
        now, alive = self._monotonic(), nodes.ALIVE.total_seconds()
        if now - self._last_beat > alive:
            self._beating_since = now
        self._last_beat = now
        if not told.ours:
            await self._rename()
        if told.lapsed and (self._alone or now - self._beating_since >= alive):
            await self._take_over()
        if self._beats % RENEW_EVERY == 0:
            await self._renew()

    async def _join(self) -> None:
        seen: datetime | None = None
        while True:
            async with self.database.unit(SYSTEM) as unit:
                if await nodes.join(unit.conn, self.node, alone=self._alone):
                    self._last_beat = self._beating_since = self._monotonic()
                    return
                until = await nodes.alive_until(unit.conn, self.node.name)
            if seen is not None and until is not None and until > seen:
                raise nodes.name_in_use(self.node.name)
            seen = until
            # It may have died a moment ago: its row tells within seconds.
            await asyncio.sleep(nodes.BEAT_EVERY / 4)

    async def _rename(self) -> None:
        """This process was silent for so long that another took its name: go on under a new one."""
        before, self.node.name = self.node.name, nodes.node_name("", self.node.name)
        log.error("node.renamed", before=before, now=self.node.name)
        async with self.database.unit(SYSTEM) as unit:
            await nodes.join(unit.conn, self.node, alone=False)

    async def _take_over(self) -> None:
        async with self.database.unit(SYSTEM) as unit:
            freed = await queue.release_expired(unit.conn) + await queue.release_dead(unit.conn)
        if freed:
            log.warning("queue.taken_over", jobs=freed)
            self._wake.set()

    async def _renew(self) -> None:
        async with self.database.unit(SYSTEM) as unit:
            in_hand = [job.id for job in self._running.values()]
            if in_hand:
                await queue.renew(unit.conn, self.node.holder, in_hand)
            if await queue.release_orphans(unit.conn, self.node.holder, in_hand):
                self._wake.set()
            await nodes.forget_dead(unit.conn)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        job = self._running.pop(task, None)
        self._begun.discard(task)
        if job is None:
            return
        self._in_hand[job.kind] -= 1
        if self._room(job.kind) == 1:
            self._wake.set()

    def _room(self, kind: str) -> int:
        return 2 * self._limits[kind] - self._in_hand[kind]

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
        room = {kind: places for kind in self.handlers if (places := self._room(kind)) > 0}
        if not room:
            return 0
        async with self.database.unit(SYSTEM) as unit:
            jobs = await queue.claim_some(unit.conn, self.node.holder, unit.now, room)
        self.take(jobs)
        return len(jobs)

    async def _until_next(self) -> float:
        async with self.database.read() as conn:
            due = await queue.next_due(conn, [kind for kind in self.handlers if self._room(kind) > 0])
        if due is None:
            return BACKUP_POLL
        return max(0.0, min(BACKUP_POLL, (due - self.database.clock.now()).total_seconds()))

    async def _beat_for_ever(self) -> None:
        while True:
            try:
                await self.beat()
            except Unavailable:
                log.warning("queue.database_away")
            except Exception:
                log.exception("queue.beat_failed")
            await asyncio.sleep(nodes.BEAT_EVERY)

    async def _run(self, job: QueuedJob) -> None:
        async with self._gates[job.kind]:
            if task := asyncio.current_task():
                self._begun.add(task)
            try:
                await self.handlers[job.kind](Leased(self.database, job))
            except LeaseLost:
                log.info("job.lease_lost", kind=job.kind, key=job.key)
            except Exception as error:
                await self._failed(job, error)

    async def _failed(self, job: QueuedJob, error: Exception) -> None:
        away = isinstance(error, Unavailable)
        dead = job.attempts >= MOST_ATTEMPTS and not away
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** min(job.attempts, 12)) * random.uniform(0.8, 1.2)
        if away:
            # That is the database's failure and not the job's: it is done as soon as the database is back.
            pause = min(pause, SOON_AGAIN)
            log.warning("job.interrupted", kind=job.kind, key=job.key, reason=str(error))
        else:
            log.error("job.failed", kind=job.kind, key=job.key, attempts=job.attempts, dead=dead, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        await when_it_is_there(lambda: self._put_back(job, timedelta(seconds=pause), reason, dead))

    async def _put_back(self, job: QueuedJob, pause: timedelta, reason: str, dead: bool) -> None:
        async with self.database.unit(SYSTEM) as unit:
            await queue.put_back(unit.conn, job, unit.now + pause, reason, dead=dead)
