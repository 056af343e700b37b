"""Makes the database ready for use: reached, migrated, its clock read. Over a connection of its own, which may take its time."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from muster.base.db.clock import DatabaseClock
from muster.base.db.lanes import Limits
from muster.base.db.migrate import migrate
from muster.base.db.pool import connect_pool
from muster.base.unit import Conn
from muster.kit.clock import Clock

ENDLESS = Limits(statement=0, lock=0, idle=0)
log = structlog.get_logger("muster")


async def make_ready(
    connect: dict[str, Any],
    clock: Clock,
    statement_cache: int,
    recorded: Callable[[Conn], Awaitable[datetime | None]],
) -> None:
    """Return once units can be opened; `recorded` gives the newest instant that the database holds.

    Raises:
        DatabaseUnreachable: it is away, or does not let us in. Unavailable: it is too old, or was made by a newer Muster.
    """
    pool = await connect_pool(connect, size=1, statement_cache=statement_cache, limits=ENDLESS)
    try:
        if applied := await migrate(pool):
            log.info("migrated", migrations=len(applied), newest=applied[-1])
        if isinstance(clock, DatabaseClock):
            async with pool.acquire() as conn:
                newest = await recorded(conn)
            await clock.synchronise(pool, newest)
    finally:
        pool.terminate()
