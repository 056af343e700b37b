"""Gives what was spooled to the intake once the database is back, in order, and lets no single request stand in the way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from muster.alerts.actions.receive import Item
from muster.alerts.actions.spool import Spool
from muster.alerts.actions.spool_findings import Kind, Leftover
from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request, Unproven
from muster.kit.errors import Malformed, Missing, Problem, Unauthenticated, Unavailable
from muster.kit.masking import mask_path

AT_ONCE = 200
LOOK_EVERY = 0.5

log = structlog.get_logger("muster.intake")


class Replay:
    """`integration` finds the one of a key, `read` says what a request means, `store` takes what could be read,
    `keep_malformed` what could not."""

    def __init__(
        self,
        spool: Spool,
        read: Callable[[Integration, Request], Awaitable[Parsed]],
        integration: Callable[[str], Awaitable[Integration]],
        store: Callable[[Sequence[Item]], Awaitable[object]],
        keep_malformed: Callable[[Integration, Request, Problem], Awaitable[None]],
    ) -> None:
        self._spool, self._read, self._integration = spool, read, integration
        self._store, self._keep_malformed = store, keep_malformed

    async def run(self) -> None:
        """Give back whatever waits, for ever."""
        while True:
            try:
                while not self._spool.empty:
                    await self.give_back()
            except Unavailable:
                pass
            except Exception as error:
                log.error("spool.replay_failed", exc_info=error)
            await asyncio.sleep(LOOK_EVERY)

    async def give_back(self) -> None:
        """One round: what waits longest. What nobody could deal with is kept beside the spool."""
        waiting, position = self._spool.waiting(AT_ONCE)
        items: list[Item] = []
        left = Leftover(self._spool)
        for spooled in waiting:
            try:
                integration = await self._integration(spooled.key)
            except Missing:
                left.add(Kind.UNKNOWN_KEY, spooled)
                continue
            request = Request(
                spooled.path, spooled.method, spooled.headers, spooled.query, spooled.body, spooled.received_at
            )
            try:
                items.append(Item(integration, request, await self._read(integration, request)))
            except (Malformed, Unauthenticated, Unproven) as refusal:
                await self._keep_malformed(integration, request, refusal)
            except Exception as error:
                # One request that breaks its reader must not stop all that lie behind it.
                log.error("spool.refused", integration=integration.name, path=mask_path(spooled.path), exc_info=error)
                left.add(Kind.REFUSED, spooled)
        if items:
            await self._store(items)
        left.keep()
        await self._spool.settle(position)
        log.info("spool.replayed", requests=len(items), others=len(waiting) - len(items))
