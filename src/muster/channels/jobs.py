"""The background half of chats: saying things back, changing messages, and listening to Telegram on one node at a time."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog

from muster.base.access import ANONYMOUS
from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.channels import store
from muster.channels.abilities import Renews, Says
from muster.channels.actions.chat_answers import SAY
from muster.channels.actions.renew import RENEW, renewed
from muster.channels.telegram.actions import CHANNEL, on_update
from muster.channels.telegram.channel import TelegramChannel
from muster.kit.errors import Unavailable
from muster.paging.channel import Channel, Receipt, SendOutcome
from muster.people.reach import Reach

LISTEN = "telegram.listen"
MOST_SAYINGS, MOST_RENEWALS = 4, 6
PATIENCE, PAUSE = timedelta(seconds=30), timedelta(seconds=15)

log = structlog.get_logger("muster.chats")


async def begin(unit: Unit) -> None:
    """Listen to Telegram, if this Muster does; doing it again changes nothing."""
    await enqueue(unit, [Job(LISTEN, CHANNEL)])


class Chats:
    """The handlers; `base_url` is where links lead."""

    def __init__(self, channels: Mapping[str, Channel], reach: Reach, base_url: str) -> None:
        self._channels, self._reach, self._base_url = channels, reach, base_url

    async def say(self, leased: Leased) -> None:
        """Say a sentence; tried a few times only, because an answer that comes late is none."""
        payload = leased.job.payload
        channel = self._channels.get(str(payload["channel"]))
        receipt = await channel.say(str(payload["to"]), str(payload["text"])) if isinstance(channel, Says) else None
        await _end(leased, receipt, MOST_SAYINGS)

    async def renew(self, leased: Leased) -> None:
        """Change a message to how its incident stands."""
        database = leased.database
        async with database.read() as conn:
            delivery_id = UUID(str(leased.job.payload["delivery"]))
            found = await renewed(conn, delivery_id, self._base_url, database.clock.now())
        channel = self._channels.get(found[0].channel) if found else None
        receipt = None
        if found and isinstance(channel, Renews):
            delivery, message = found
            receipt = await channel.renew(delivery.address, delivery.provider_id, message)
        await _end(leased, receipt, MOST_RENEWALS)

    async def listen(self, leased: Leased) -> None:
        """One round of listening to Telegram; the job's lease sees to it that one node listens."""
        channel = self._channels.get(CHANNEL)
        if not isinstance(channel, TelegramChannel) or not channel.listens:
            async with leased.finish():
                return
        offset = int(leased.job.payload.get("offset", 0))
        if not leased.job.payload.get("ready") or not channel.polls:
            problem = await self._prepare(leased, channel)
            if problem is not None:
                await _again(leased, {"offset": offset}, problem.retry_after or PATIENCE, problem.reason)
            elif channel.polls:
                await _again(leased, {"ready": True, "offset": offset}, timedelta(0))
            else:
                async with leased.finish():
                    pass
            return
        updates = await channel.updates(offset)
        if isinstance(updates, Receipt):
            await _again(leased, {"offset": offset}, updates.retry_after or PATIENCE, updates.reason)
            return
        for update in updates:
            await self._take(leased, update)
            offset = max(offset, int(update.get("update_id", 0)) + 1)
        await _again(leased, {"ready": True, "offset": offset}, timedelta(milliseconds=100))

    async def _prepare(self, leased: Leased, channel: TelegramChannel) -> Receipt | None:
        """Learn the bot's name and tell Telegram which way updates go; a receipt if that fails."""
        name = await channel.prepare()
        if isinstance(name, Receipt):
            return name
        async with leased.database.unit(ANONYMOUS) as unit:
            await store.remember(unit.conn, CHANNEL, "bot", name, unit.now)
        return None

    async def _take(self, leased: Leased, update: dict[str, object]) -> None:
        """An update in a unit of its own: one that cannot be handled holds up no other."""
        try:
            async with leased.database.unit(ANONYMOUS) as unit:
                await on_update(unit, update, self._reach)
        except Unavailable:
            raise
        except Exception:
            log.exception("telegram.update_failed", update=update.get("update_id"))


async def _again(leased: Leased, payload: dict[str, object], after: timedelta, trouble: str = "") -> None:
    if trouble:
        log.warning("telegram.unreachable", reason=trouble)
    async with leased.finish() as unit:
        await enqueue(unit, [Job(LISTEN, CHANNEL, payload, run_at=unit.now + after)])


async def _end(leased: Leased, receipt: Receipt | None, most: int) -> None:
    if receipt and receipt.outcome is SendOutcome.RETRY and leased.job.attempts < most:
        await leased.retry(receipt.retry_after or PAUSE, receipt.reason)
        return
    if receipt and not receipt.outcome.sent:
        log.warning("chat.unsaid", kind=leased.job.kind, reason=receipt.reason)
    async with leased.finish():
        pass


def handlers(channels: Mapping[str, Channel], reach: Reach, base_url: str) -> dict[str, Handler]:
    """The job kinds of this feature."""
    chats = Chats(channels, reach, base_url)
    return {SAY: chats.say, RENEW: chats.renew, LISTEN: chats.listen}
