"""The unit of work: one transaction with its actor, its instant and what must happen once it is durable."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from asyncpg import Connection, Record
from asyncpg.pool import PoolConnectionProxy

from muster.base.access import Permission, Principal, check
from muster.base.ports import Ports
from muster.kit.errors import Denied

if TYPE_CHECKING:
    from muster.base.bus import Bus
    from muster.base.hands import LocalHands

Conn: TypeAlias = "Connection[Record] | PoolConnectionProxy[Record]"


class Unit:
    """What an action works in. Made by `Database.unit`, which alone commits.

    `now` is fixed for the unit. Nothing that leaves the house may happen inside; hand it to `after_commit`. Set `keep` where
    a refusal itself must be kept, such as a failed sign-in. Set `denial` where a handler answers a denial by itself: the edge
    records it once the unit has ended, since a unit must not wait for another.
    """

    __slots__ = ("_after", "_bus", "_gathered", "_topics", "conn", "denial", "hands", "keep", "now", "principal")

    def __init__(self, conn: Conn, now: datetime, principal: Principal, bus: "Bus", hands: "LocalHands") -> None:
        self.conn, self.now, self.principal = conn, now, principal
        self._bus, self.hands = bus, hands
        self.keep = False
        self.denial: Denied | None = None
        self._gathered: dict[Callable[[Unit, list[Any]], Awaitable[None]], list[Any]] = {}
        self._after: list[Callable[[], None]] = []
        self._topics: dict[str, None] = {}

    def allow(self, permission: Permission) -> None:
        """Refuse unless the actor holds the permission; the first line of every action."""
        check(self.principal, permission)

    @property
    def ports(self) -> Ports:
        """What features provide for each other."""
        return self._bus.ports

    async def emit(self, happening: object) -> None:
        """Tell higher features, inside this transaction."""
        await self._bus.emit(self, happening)

    def publish(self, *topics: str) -> None:
        """Tell live pages, here and on other nodes, that these topics ("incident:<id>", "alerts") changed."""
        self._topics.update(dict.fromkeys(topics))

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run a quick, non-failing call once the transaction is durable; dropped if it rolls back."""
        self._after.append(call)

    def at_end(self, write: Callable[["Unit", list[Any]], Awaitable[None]], items: Iterable[Any]) -> None:
        """Have items written at the end of the transaction: one call of `write` gets all that were given for it."""
        self._gathered.setdefault(write, []).extend(items)

    async def write_gathered(self) -> None:
        """Write what was gathered; `Database.unit` does so right before it commits."""
        while self._gathered:
            write = next(iter(self._gathered))
            await write(self, self._gathered.pop(write))

    @contextlib.asynccontextmanager
    async def trial(self) -> AsyncIterator["Unit"]:
        """A unit within this transaction, of which nothing is kept: for dry runs."""
        savepoint = self.conn.transaction()
        await savepoint.start()
        try:
            trial = Unit(self.conn, self.now, self.principal, self._bus, self.hands)
            yield trial
            await trial.write_gathered()
        finally:
            await savepoint.rollback()

    def committed(self) -> tuple[list[Callable[[], None]], list[str]]:
        """What `Database.unit` runs and publishes after its commit."""
        return self._after, list(self._topics)
