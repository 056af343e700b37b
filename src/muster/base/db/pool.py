"""Opening connections: what they are told about limits and silence, and what is probably wrong where they cannot be had."""

import socket
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
import msgspec
from asyncpg import Pool

from muster.base.db.lanes import Limits
from muster.base.unit import Conn
from muster.kit.errors import Unavailable

AWAY = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
        asyncpg.TooManyConnectionsError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
        asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientResourcesError,
        asyncpg.IdleInTransactionSessionTimeoutError)  # fmt: skip
CANNOT = (*AWAY, asyncpg.PostgresError, ValueError)
"""What opening a connection can fail with."""


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def _prepare(conn: Conn) -> None:
    _notice_silence(conn)
    for name in ("json", "jsonb"):
        await conn.set_type_codec(name, encoder=_encode, decoder=msgspec.json.decode, schema="pg_catalog")


def _notice_silence(conn: Conn) -> None:
    """Have the kernel end a connection whose other end was cut off, which nothing else would notice for hours."""
    transport = getattr(conn, "_transport", None)
    link = transport.get_extra_info("socket") if transport is not None else None
    if link is None or link.family == socket.AF_UNIX:
        return
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("KEEPIDLE", 10), ("KEEPINTVL", 5), ("KEEPCNT", 3), ("USER_TIMEOUT", 15_000)):
        if option := getattr(socket, f"TCP_{name}", None):
            link.setsockopt(socket.IPPROTO_TCP, option, value)


_SILENCE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""The same for the server's end."""


class Busy(Unavailable):
    """The database is there, and all connections of the lane are in use."""


class DatabaseUnreachable(Unavailable):
    """The database is away, or does not let us in: it may later."""


async def connect_pool(
    connect: dict[str, Any],
    *,
    size: int = 16,
    statement_cache: int = 256,
    limits: Limits = Limits(),
    least: int = 2,
) -> Pool:
    """Open the pool. `connect` is what asyncpg.connect takes (a `dsn`, or host, user and database).

    JSON columns come and go as Python values. Set `statement_cache` to 0 behind a transaction-pooling PgBouncer, which knows
    none of the settings: the limits are set in each transaction then. With `least` of 0 the server need not be there yet.

    Raises:
        DatabaseUnreachable: the server is away or does not let us in; the detail names the likely mistake.
        Unavailable: `connect` cannot be understood.
    """
    own = {} if statement_cache == 0 else limits.settings() | _SILENCE
    try:
        return await asyncpg.create_pool(
            **connect,
            min_size=min(least, size),
            max_size=size,
            connection_class=_Plain,
            init=_prepare,
            timeout=10,
            command_timeout=limits.patience,
            statement_cache_size=statement_cache,
            server_settings={"application_name": "muster", "timezone": "UTC", **own},
        )
    except CANNOT as error:
        kind = Unavailable if isinstance(error, ValueError) and not isinstance(error, OSError) else DatabaseUnreachable
        raise kind("The database cannot be reached.", mistake(error)) from error


class _Plain(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is not reset when it goes back to the pool, which would cost every unit a round trip.

    Nothing outlives a transaction here: advisory locks are the transaction's, and nobody sets, listens or keeps cursors.
    """

    def get_reset_query(self) -> str:
        """Nothing to reset."""
        return ""


def mistake(error: BaseException) -> str:
    """What is probably wrong, for whoever set the database's address."""
    said = f"{error or type(error).__name__}".strip().rstrip(".")
    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return f"{said}. Check the user and password in MUSTER_DATABASE_URL, and pg_hba.conf."
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return f"{said}. Create it (createdb), or correct the name at the end of MUSTER_DATABASE_URL."
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return f"{said}. MUSTER_DATABASE_URL reads postgresql://user:password@host:5432/database."
    return f"{said}. Check host and port in MUSTER_DATABASE_URL, and that the server runs."


def together(conn: Conn) -> AbstractAsyncContextManager[Any]:
    """For reads outside any unit: a PgBouncer that pools transactions gives all of them to one connection."""
    transaction: AbstractAsyncContextManager[Any] = conn.transaction()
    return transaction
