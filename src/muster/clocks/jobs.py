"""Fires a clock when it is due: the job ends with the breach, in one transaction, so it fires exactly once."""

from uuid import UUID

from muster.base.work import Leased
from muster.base.work.runner import Handler
from muster.clocks import actions, store


async def fire(leased: Leased) -> None:
    """Breach the clock unless it was met or cancelled meanwhile."""
    async with leased.finish() as unit:
        if clock := await store.breach(unit.conn, UUID(leased.job.key), unit.now):
            await actions.breach(unit, clock)


def handlers() -> dict[str, Handler]:
    """The job kinds of this feature."""
    return {actions.JOB: fire}
