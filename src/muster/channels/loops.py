"""The ways out and back of the channels that are set up: by these Muster watches its own paging path."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.settings import Settings
from muster.base.unit import Unit
from muster.channels.abilities import Checks
from muster.channels.email.reply_address import ReplyAddresses
from muster.channels.ntfy.settings import NtfySettings
from muster.paging.channel import Channel, Message, MessageKind, Receipt, SendOutcome, handed_over
from muster.paging.loop import Loop
from muster.paging.store import loops as store

BOX = "muster-watch"
"""The box of the built-in inbox through which the loop runs; nobody's."""
WEBHOOK_PLACE = "/callbacks/loop"
LOOKS_EVERY = 0.2
LONGEST_WAY = timedelta(minutes=10)
_CAME_BACK = "A synthetic page went out and came back."


@dataclass(frozen=True, slots=True)
class ThereAndBack:
    """Sends to an address of Muster's own, and waits until what was sent has come in again."""

    channel: Channel
    address: Callable[[UUID], str]
    database: Database
    closed: bool = True

    async def prove(self, mark: UUID, now: datetime) -> Receipt | None:
        """Send, and look for the mark until the caller's patience ends."""
        async with self._unit() as unit:
            await store.sent(unit.conn, mark, now)
        try:
            receipt = await self.channel.send(self.address(mark), synthetic(mark, now))
            if not receipt.outcome.sent:
                return receipt
            await self._wait_for(mark)
            return Receipt(SendOutcome.DELIVERED, _CAME_BACK)
        finally:
            async with self._unit() as unit:
                await store.forget(unit.conn, mark, now - LONGEST_WAY)

    async def _wait_for(self, mark: UUID) -> None:
        # It may come in at another node: only the database knows.
        while True:
            async with self.database.read() as conn:
                if await store.is_back(conn, mark):
                    return
            await asyncio.sleep(LOOKS_EVERY)

    def _unit(self) -> AbstractAsyncContextManager[Unit]:
        return self.database.unit(SYSTEM)


@dataclass(frozen=True, slots=True)
class OwnBox:
    """The built-in inbox: what was sent is read out of its box again."""

    channel: Channel
    take_out: Callable[[str, str], Awaitable[bool]]
    closed: bool = True

    async def prove(self, mark: UUID, now: datetime) -> Receipt | None:
        """Send, and take it out."""
        message = synthetic(mark, now)
        receipt = await self.channel.send(BOX, message)
        if receipt.outcome.sent and await self.take_out(BOX, message.key):
            return Receipt(SendOutcome.DELIVERED, _CAME_BACK)
        return receipt if not receipt.outcome.sent else handed_over("It is not in the box that it was sent to.")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A topic from which the channel itself reads back what it published."""

    channel: Channel
    address: str
    closed: bool = True

    async def prove(self, mark: UUID, now: datetime) -> Receipt | None:
        """Publish, and see whether the topic has it."""
        receipt = await self.channel.send(self.address, synthetic(mark, now))
        if receipt.outcome.sent and receipt.came_back:
            return Receipt(SendOutcome.DELIVERED, receipt.reason)
        return receipt


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """A channel whose messages cannot come back: its provider is asked whether the account is good."""

    channel: Checks
    closed: bool = False

    async def prove(self, mark: UUID, now: datetime) -> Receipt | None:
        """Ask the provider."""
        return await self.channel.check()


def synthetic(mark: UUID, now: datetime) -> Message:
    """The message that runs through the loops."""
    return Message(
        delivery_id=mark,
        idempotency_key=str(mark),
        kind=MessageKind.TEST,
        severity="",
        incident_ref="",
        title="Muster watches its own way",
        subject="TEST: Muster watches its own way",
        body="A synthetic page, sent to see that pages come through. Nothing is asked of anybody.",
        url="",
        created_at=now,
    )


def build_loops(
    settings: Settings,
    channels: Mapping[str, Channel],
    addresses: ReplyAddresses | None,
    database: Database,
    take_out: Callable[[str, str], Awaitable[bool]],
) -> dict[str, Loop]:
    """The loops that can be closed with what is set up, and the accounts that can be asked."""
    loops: dict[str, Loop] = {"inbox": OwnBox(channels["inbox"], take_out)}
    email = channels["email"]
    if addresses is not None and email.capabilities.usable:
        loops["email"] = ThereAndBack(email, addresses.of, database)
    if settings.public_url:
        place = f"{settings.base_url}{WEBHOOK_PLACE}"
        loops["webhook"] = ThereAndBack(channels["webhook"], lambda mark: place, database)
    ntfy = settings.of(NtfySettings)
    if ntfy.ntfy_watch_topic:
        loops["ntfy"] = ReadBack(channels["ntfy"], f"{ntfy.ntfy_server.rstrip('/')}/{ntfy.ntfy_watch_topic}")
    for kind, channel in channels.items():
        if kind not in loops and channel.capabilities.usable and isinstance(channel, Checks):
            loops[kind] = AccountCheck(channel)
    return loops
