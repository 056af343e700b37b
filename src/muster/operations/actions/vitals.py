"""Looks at this process's own health: does the database answer on the lane of work, and do the tasks live that page people.

Whoever asks costs no connection of their own: all share one look a second.
"""

import asyncio

from muster.base.db.database import Database
from muster.base.supervise import supervised
from muster.kit.errors import Unavailable

FRESH = 1.0
ANSWER_WITHIN = 2.0
STUCK = 120.0
"""For so many seconds all connections of a lane may be busy before the process counts as stuck; the longest statement is cut
off before."""


class Vitals:
    """One for each process; `lanes` are those that no visitor can fill."""

    def __init__(self, **lanes: Database) -> None:
        self._lanes = lanes
        self._busy_since: dict[str, float] = {}
        self._looked, self._away = float("-inf"), ""
        self._look: asyncio.Task[None] | None = None

    async def keep_looking(self) -> None:
        """Look each second, for ever."""
        while True:
            await self.away()
            await asyncio.sleep(FRESH)

    async def away(self) -> str:
        """Why the database cannot be used; empty if it can."""
        if shut := next((database.shut for database in self._lanes.values() if database.shut), ""):
            return shut
        if asyncio.get_running_loop().time() - self._looked > FRESH:
            if self._look is None or self._look.done():
                self._look = asyncio.create_task(self._look_at_all())
            await asyncio.shield(self._look)
        return self._away

    def sick(self) -> list[str]:
        """What keeps this process from working, as far as only a restart helps; a database that is away is not of that kind."""
        now = asyncio.get_running_loop().time()
        dead = [f"The task {task.name} keeps dying: {task.reason}" for task in supervised() if not task.alive]
        stuck = [
            f"All connections for {lane} have been busy for {now - since:.0f} seconds."
            for lane, since in self._busy_since.items()
            if now - since > STUCK
        ]
        return dead + stuck

    async def _look_at_all(self) -> None:
        away = await asyncio.gather(*(self._ask(name, database) for name, database in self._lanes.items()))
        self._away = next(filter(None, away), "")
        self._looked = asyncio.get_running_loop().time()

    async def _ask(self, name: str, database: Database) -> str:
        try:
            async with asyncio.timeout(ANSWER_WITHIN), database.read() as conn:
                await conn.fetchval("SELECT 1")
        except (Unavailable, TimeoutError) as problem:
            if database.full:
                self._busy_since.setdefault(name, asyncio.get_running_loop().time())
                return f"All connections for {name} are busy."
            self._busy_since.pop(name, None)
            return str(problem) or "The database does not answer."
        self._busy_since.pop(name, None)
        return ""
