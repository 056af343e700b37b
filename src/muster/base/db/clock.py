"""The database's time, read locally: every node agrees on it, and reading it costs nothing."""

import time
from datetime import UTC, datetime, timedelta

from asyncpg import Pool


class DatabaseClock:
    """Follows the database's clock by a monotonic offset; `synchronise` again each minute."""

    def __init__(self) -> None:
        self._base = datetime.now(UTC)
        self._mark = time.monotonic()

    def now(self) -> datetime:
        """The database's present, to within the last round trip."""
        return self._base + timedelta(seconds=time.monotonic() - self._mark)

    async def synchronise(self, pool: Pool) -> None:
        """Read the database's clock; half the round trip is taken as the delay."""
        before = time.monotonic()
        base = await pool.fetchval("SELECT clock_timestamp()")
        after = time.monotonic()
        self._base, self._mark = base, (before + after) / 2
