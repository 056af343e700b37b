"""Background work of on call: requests that nobody answered end, people are told when their shifts begin and end, and
calendars are read anew."""

from uuid import UUID

from muster.base.http import Http
from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.oncall.actions import swaps
from muster.oncall.actions.calendar_refresh import Refresher
from muster.oncall.actions.calendars import REFRESH
from muster.oncall.actions.shift_notices import EVERY, remind

NOTICES = "oncall.notices"


async def begin(unit: Unit) -> None:
    """Enqueue the periodic job at start; later starts and other nodes change nothing."""
    await enqueue(unit, [Job(NOTICES, "periodic")])


def handlers(http: Http) -> dict[str, Handler]:
    """The job kinds of this feature; `http` fetches calendars."""
    return {swaps.EXPIRY: expire, NOTICES: notices, REFRESH: Refresher(http).refresh}


async def expire(leased: Leased) -> None:
    """A request has run out."""
    async with leased.finish() as unit:
        await swaps.expire(unit, UUID(leased.job.key))


async def notices(leased: Leased) -> None:
    """Tell what is due, and come again: what was told stands in the same transaction, so a crash tells nobody twice."""
    async with leased.finish() as unit:
        following = await remind(unit)
        await enqueue(unit, [Job(NOTICES, "periodic", run_at=max(unit.now, min(following, unit.now + EVERY)))])
