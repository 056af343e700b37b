"""The database's time, read locally: every node agrees on it, reading it costs nothing, and it never jumps.

Deadlines are instants of this clock and are compared with this clock. So it counts the seconds that pass, by a clock of the
machine that nobody sets, and the database's clock only says where to: if that is set back or forward, this one goes on without
a jump and drifts towards it. Set back, it loses one second in a hundred, since nobody must be paged late because a clock was
set; set forward, it gains five.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from asyncpg import Pool

SLOWER, FASTER = 0.01, 0.05
STEP = timedelta(seconds=1)
"""What the two clocks may differ by without anybody being told."""
BEHIND = timedelta(hours=1)
"""A database that is further behind what is recorded in it is believed: then the record was wrong."""

log = structlog.get_logger("muster")


def passed() -> float:
    """The seconds since the machine started, also those that it slept through."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class DatabaseClock:
    """Follows the database's clock without ever jumping; `synchronise` again each minute."""

    def __init__(self, passed: Callable[[], float] = passed) -> None:
        self._passed = passed
        self._base, self._mark = datetime.now(UTC), passed()
        self._ahead = timedelta(0)
        self._synchronised = False

    def now(self) -> datetime:
        """The present: the database's, but for what is still to be made up for after its clock was set."""
        return self._at(self._passed())

    async def synchronise(self, pool: Pool, recorded: datetime | None = None) -> None:
        """Read the database's clock; half the round trip is taken as the delay.

        At first it is taken over, but not from before what is `recorded`: it may have been set back while Muster was off.
        """
        async with pool.acquire() as conn, conn.transaction():
            before = self._passed()
            there = await conn.fetchval("SELECT clock_timestamp()")
            mark = (before + self._passed()) / 2
        self.follow(there, mark, recorded)

    def follow(self, there: datetime, mark: float, recorded: datetime | None = None) -> None:
        """Go on towards what the database's clock said at `mark`."""
        here = self._at(mark)
        if not self._synchronised:
            here = recorded if recorded and there < recorded <= there + BEHIND else there
        self._base, self._mark, self._ahead = here, mark, there - here
        if abs(self._ahead) > STEP:
            log.warning("clock.stepped", database_ahead_by=round(self._ahead.total_seconds(), 1))
        self._synchronised = True

    def _at(self, mark: float) -> datetime:
        since = timedelta(seconds=mark - self._mark)
        made_up = min(self._ahead, since * FASTER) if self._ahead > timedelta(0) else max(self._ahead, -since * SLOWER)
        return self._base + since + made_up
