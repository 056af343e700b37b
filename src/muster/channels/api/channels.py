"""Whether the providers of the channels accept Muster's credentials, without a message to anybody."""

import asyncio

from fastapi import Request
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.channels.abilities import Checks
from muster.channels.registry import Channels
from muster.paging.channel import Channel

router = api_router("/channels", "channels")


class CheckOut(BaseModel):
    """What a provider says; `ok` is null where there are no credentials to try."""

    channel: str
    ok: bool | None
    reason: str


class Checked(BaseModel):
    """Every channel of this installation."""

    items: list[CheckOut]


@router.get("/check")
@needs(Permission.CHANNEL_TEST, streams=True)
async def check_channels(request: Request) -> Checked:
    """Try each channel's credentials at its provider."""
    channels = services_of(request).of(Channels)
    return Checked(
        items=list(await asyncio.gather(*(_check(kind, own_channel) for kind, own_channel in channels.items())))
    )


async def _check(kind: str, channel: Channel) -> CheckOut:
    if not channel.capabilities.usable:
        return CheckOut(channel=kind, ok=None, reason="It is not set up.")
    receipt = await channel.check() if isinstance(channel, Checks) else None
    if receipt is None:
        return CheckOut(channel=kind, ok=None, reason="It has no credentials to try: send a test page.")
    reason = f"The provider knows Muster as {receipt.reason}." if receipt.outcome.sent else receipt.reason
    return CheckOut(channel=kind, ok=receipt.outcome.sent, reason=reason)
