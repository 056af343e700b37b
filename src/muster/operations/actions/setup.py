"""The first administrator without a browser: straight into the database, whether Muster is running or not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.clock import DatabaseClock
from muster.base.db.database import Database, connect_pool
from muster.base.db.migrate import migrate
from muster.base.live import LiveHub
from muster.base.postgres import EmbeddedPostgres, Starting, running_args
from muster.base.settings import Settings
from muster.people.actions.breached import judge_passwords
from muster.people.actions.setup import initialise

STARTING = 300
"""How often a Muster that is starting is looked at, a tenth of a second apart."""


async def initialise_here(
    settings: Settings, organisation: str, email: str, password: str, full_name: str, time_zone: str
) -> dict[str, str]:
    """Set Muster up and return its address and a token of the administrator.

    Raises:
        Conflict: it is set up already. Invalid: with every fault of what was entered. Unavailable: no database.
    """
    settings.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    async with database_here(settings) as database, database.unit(SYSTEM) as unit:
        token = await initialise(unit, organisation, email, password, full_name=full_name, time_zone=time_zone)
    return {"url": settings.base_url, "token": token}


@contextlib.asynccontextmanager
async def postgres(settings: Settings) -> AsyncIterator[dict[str, Any]]:
    """How to connect to the database of these settings; runs the embedded server meanwhile if no other is named."""
    if settings.database_url:
        yield {"dsn": settings.database_url}
        return
    server = EmbeddedPostgres(settings.data_dir)
    await server.start()
    try:
        yield dict(server.connect_args)
    finally:
        await server.stop()


@contextlib.asynccontextmanager
async def database_here(settings: Settings) -> AsyncIterator[Database]:
    """The migrated database of these settings: the running one, or the embedded server started for the while."""
    async with contextlib.AsyncExitStack() as stack:
        connect: dict[str, Any] | None = None if settings.database_url else await _running(settings)
        if connect is None:
            connect = await stack.enter_async_context(postgres(settings))
        pool = await connect_pool(connect, size=2, statement_cache=settings.statement_cache)
        stack.push_async_callback(pool.close)
        await migrate(pool)
        clock = DatabaseClock()
        await clock.synchronise(pool)
        bus = Bus()
        judge_passwords(bus, settings)
        database = Database(pool, clock, bus, LiveHub())
        database.local_limits = settings.statement_cache == 0
        yield database


async def _running(settings: Settings) -> dict[str, Any] | None:
    """The server of a Muster that runs here, waited for while it is only just starting; None where none runs."""
    for _ in range(STARTING):
        try:
            return await asyncio.to_thread(running_args, settings.data_dir)
        except Starting:
            await asyncio.sleep(0.1)
    return None
