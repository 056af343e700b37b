"""Units of work and reads over the connections of each lane; the only place that commits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
from asyncpg import Pool

from muster.base.access import Principal
from muster.base.bus import Bus
from muster.base.db.hold import NestedUnit, only_one
from muster.base.db.lanes import LIMITS, LONG, Lane, Limits, shares
from muster.base.db.pool import AWAY, Busy, connect_pool
from muster.base.hands import LocalHands
from muster.base.live import LiveHub
from muster.base.unit import Conn, Unit
from muster.kit.clock import Clock
from muster.kit.errors import Unavailable

__all__ = ["AWAY", "Database", "NestedUnit", "connect_pool", "take_time"]


class _Door:
    """Shut while the database is not ready for use, with the reason; one for all lanes."""

    __slots__ = ("reason",)

    def __init__(self) -> None:
        self.reason = ""


class Database:
    """Hands out units of work and plain reads over one pool a lane; see `lane`.

    Errors that mean "the database is away" come out as `Unavailable`, everything else as asyncpg raised it.
    """

    def __init__(self, pool: Pool, clock: Clock, bus: Bus, live: LiveHub, limits: Limits = Limits()) -> None:
        self.pool, self.clock, self.bus, self.live, self.limits = pool, clock, bus, live, limits
        self.hands = LocalHands()
        self.local_limits = False
        self._in_use = 0
        self._door = _Door()
        self._lanes: dict[Lane, Database] = {}

    @classmethod
    async def over(
        cls,
        connect: dict[str, Any],
        clock: Clock,
        bus: Bus,
        live: LiveHub,
        *,
        size: int,
        statement_cache: int,
    ) -> "Database":
        """A database with connections of its own for each lane, `size` in all; none is opened before it is needed.

        The database that is returned is the visitors'.
        """
        pooled = statement_cache == 0
        lanes: dict[Lane, Database] = {}
        for lane, share in shares(size).items():
            limits = LIMITS[lane]
            pool = await connect_pool(connect, size=share, statement_cache=statement_cache, limits=limits, least=0)
            lanes[lane] = database = cls(pool, clock, bus, live, limits)
            database.local_limits = pooled
        first = lanes[Lane.VISITORS]
        for database in lanes.values():
            database.hands, database._door, database._lanes = first.hands, first._door, lanes
        return first

    def lane(self, lane: Lane) -> "Database":
        """The same database over the connections of a lane; itself where there is one pool for all."""
        return self._lanes.get(lane, self)

    @property
    def full(self) -> bool:
        """Whether every connection of this lane is in somebody's hands."""
        return self._in_use >= int(self.pool.get_max_size())

    @property
    def shut(self) -> str:
        """Why the database is not in use yet; empty once it is."""
        return self._door.reason

    def shut_for(self, reason: str) -> None:
        """Refuse units and reads with this reason on all lanes; with an empty one let them in."""
        self._door.reason = reason

    @contextlib.asynccontextmanager
    async def unit(self, principal: Principal) -> AsyncIterator[Unit]:
        """One transaction: commits if the block ends well, else rolls back and runs nothing of `after_commit`.

        Raises:
            NestedUnit: one is open already; so do `read` and `snapshot`.
        """
        async with self._connection() as conn, self._transaction(conn):
            unit = Unit(conn, self.clock.now(), principal, self.bus, self.hands)
            yield unit
            await unit.write_gathered()
        calls, topics = unit.committed()
        for call in calls:
            call()
        self.live.publish(topics)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Conn]:
        """A connection for reading outside any unit.

        Behind a pooler it is a transaction: else the pooler could give each round trip to another connection, and none of them
        would have a limit.
        """
        async with self._connection() as conn:
            if not self.local_limits:
                yield conn
                return
            async with self._transaction(conn):
                yield conn

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[Conn]:
        with only_one(), self._translated():
            if self.shut:
                raise Unavailable("The database is not ready.", self.shut)
            pool = self.pool
            conn = await self._acquire(pool)
            self._in_use += 1
            try:
                with _given_up(conn):
                    yield conn
            finally:
                self._in_use -= 1
                await pool.release(conn)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Conn]:
        """A connection for long reads that all see the database as of one instant; it cannot write."""
        async with self._connection() as conn, self._transaction(conn, isolation="repeatable_read", readonly=True):
            await take_time(conn)
            yield conn

    async def close(self, seconds: float = 5) -> None:
        """Let all connections go; those that are in use after so many seconds are cut off."""
        closing = [lane.pool.close() for lane in self._lanes.values() or [self]]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*closing), seconds)
        self.terminate()

    def terminate(self) -> None:
        """Cut all connections off."""
        for lane in self._lanes.values() or [self]:
            lane.pool.terminate()

    async def _acquire(self, pool: Pool) -> Any:
        try:
            return await pool.acquire(timeout=self.limits.acquire)
        except TimeoutError as error:
            if not self.full:
                # It is not for want of room: none could be opened.
                raise
            raise Busy(
                "No connection to the database is free.",
                f"All of them have been busy for {self.limits.acquire:.0f} seconds. Try again in a few seconds.",
            ) from error

    @contextlib.asynccontextmanager
    async def _transaction(self, conn: Conn, **options: Any) -> AsyncIterator[None]:
        # By hand, because asyncpg's own would wait for a server that hangs before it rolls back.
        transaction = conn.transaction(**options)
        with _given_up(conn):
            await transaction.start()
            if self.local_limits:
                await conn.execute(
                    "; ".join(f"SET LOCAL {name} = {value}" for name, value in self.limits.settings().items())
                )
        try:
            with _given_up(conn):
                yield
        except BaseException:
            with _given_up(conn), contextlib.suppress(*AWAY):
                await transaction.rollback()
            raise
        with _given_up(conn):
            await transaction.commit()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except asyncpg.QueryCanceledError as error:
            limit = f"{self.limits.statement:.0f} seconds"
            raise Unavailable(
                "This took too long.", f"It was stopped after {limit}, so that it holds up nobody else. Ask for less."
            ) from error
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable("Somebody else is changing the same thing.", "Try again in a few seconds.") from error
        except AWAY as error:
            raise Unavailable("The database is away.", "Muster keeps trying; try again in a few seconds.") from error


async def take_time(conn: Conn) -> None:
    """Let this transaction take minutes: for exports and for whatever reckons long between two statements."""
    await conn.execute(
        f"SET LOCAL statement_timeout = {LONG * 1000:.0f}; SET LOCAL idle_in_transaction_session_timeout = {LONG * 1000:.0f}"
    )


@contextlib.contextmanager
def _given_up(conn: Conn) -> Iterator[None]:
    """Cut the connection off where its answer is not waited for any longer: else whoever uses it next would wait for it."""
    try:
        yield
    except (TimeoutError, asyncio.CancelledError):
        with contextlib.suppress(asyncpg.InterfaceError):
            conn.terminate()
        raise
