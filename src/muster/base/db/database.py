"""The pool and the only place that commits."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any

import asyncpg
import msgspec
from asyncpg import Pool

from muster.base.access import Principal
from muster.base.bus import Bus
from muster.base.hands import LocalHands
from muster.base.live import LiveHub
from muster.base.unit import Conn, Unit
from muster.kit.clock import Clock
from muster.kit.errors import Unavailable

AWAY = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
        asyncpg.TooManyConnectionsError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
        asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientResourcesError)  # fmt: skip


class NestedUnit(AssertionError):
    """A connection was wanted by who holds one already. Enough of these at once would wait for each other for ever, so this
    fails at once: do it in the same unit (`Unit.trial` for dry runs), or once the unit has ended."""

    def __init__(self) -> None:
        super().__init__(
            "A unit or a read was opened inside of another. Use the one that is open, or wait until it ends."
        )


class _Hold:
    """A connection in the hands of a task, and of all tasks that it starts meanwhile."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open = True


_held: ContextVar[_Hold | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Refuse to hold two connections.

    Raises:
        NestedUnit: this task, or the one that started it, holds a connection.
    """
    before = _held.get()
    if before is not None and before.open:
        raise NestedUnit
    hold = _Hold()
    _held.set(hold)
    try:
        yield
    finally:
        # Not reset by its token: a generator may be closed in another context than the one that it began in.
        hold.open = False


class Database:
    """Hands out units of work and plain reads over one pool.

    Errors that mean "the database is away" come out as `Unavailable`, everything else as asyncpg raised it.
    """

    def __init__(self, pool: Pool, clock: Clock, bus: Bus, live: LiveHub) -> None:
        self.pool, self.clock, self.bus, self.live = pool, clock, bus, live
        self.hands = LocalHands()

    @contextlib.asynccontextmanager
    async def unit(self, principal: Principal) -> AsyncIterator[Unit]:
        """One transaction: commits if the block ends well, else rolls back and runs nothing of `after_commit`.

        Raises:
            NestedUnit: one is open already; so do `read` and `snapshot`.
        """
        async with self.read() as conn, conn.transaction():
            unit = Unit(conn, self.clock.now(), principal, self.bus, self.hands)
            yield unit
            await unit.write_gathered()
        calls, topics = unit.committed()
        for call in calls:
            call()
        self.live.publish(topics)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Conn]:
        """A connection for reading outside any unit."""
        with _only_one(), _away_is_unavailable():
            async with self.pool.acquire() as conn:
                yield conn

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Conn]:
        """A connection for long reads that all see the database as of one instant; it cannot write."""
        async with self.read() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
            yield conn


@contextlib.contextmanager
def _away_is_unavailable() -> Any:
    try:
        yield
    except AWAY as error:
        raise Unavailable("The database is away.", "Muster keeps trying; try again in a few seconds.") from error


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _prepare(conn: Conn) -> None:
    for name in ("json", "jsonb"):
        await conn.set_type_codec(name, encoder=_encode, decoder=msgspec.json.decode, schema="pg_catalog")


async def connect_pool(connect: dict[str, Any], *, size: int = 16, statement_cache: int = 256) -> Pool:
    """Open the pool. `connect` is what asyncpg.connect takes (a `dsn`, or host, user and database).

    JSON columns come and go as Python values. Set `statement_cache` to 0 behind a transaction-pooling PgBouncer.

    Raises:
        Unavailable: the server cannot be reached or does not let us in; the detail names the likely mistake.
    """
    try:
        return await asyncpg.create_pool(
            **connect,
            min_size=2,
            max_size=size,
            connection_class=_Plain,
            init=_prepare,
            command_timeout=60,
            statement_cache_size=statement_cache,
            server_settings={"application_name": "muster", "timezone": "UTC"},
        )
    except (*AWAY, asyncpg.PostgresError, ValueError, TimeoutError) as error:
        raise Unavailable("The database cannot be reached.", _mistake(error)) from error


class _Plain(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is not reset when it goes back to the pool, which would cost every unit a round trip.

    Nothing outlives a transaction here: advisory locks are the transaction's, and nobody sets, listens or keeps cursors.
    """

    def get_reset_query(self) -> str:
        """Nothing to reset."""
        return ""


def _mistake(error: BaseException) -> str:
    said = f"{error or type(error).__name__}".strip().rstrip(".")
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return f"{said}. Check the user and password in MUSTER_DATABASE_URL, and pg_hba.conf."
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return f"{said}. Create it (createdb), or correct the name at the end of MUSTER_DATABASE_URL."
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return f"{said}. MUSTER_DATABASE_URL reads postgresql://user:password@host:5432/database."
    return f"{said}. Check host and port in MUSTER_DATABASE_URL, and that the server runs."
