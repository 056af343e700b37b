"""What a browser needs to subscribe, and the way in for a chat: API for the page, the command line and other programs."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.channels.telegram.actions import invite
from muster.channels.web_push.actions import Browsers

push = api_router("/web-push", "channels")
telegram = api_router("/telegram", "channels")


class PushKey(BaseModel):
    """This Muster's public key, as `applicationServerKey` of a browser's push subscription."""

    public_key: str


class LinkOut(BaseModel):
    """A code to say to the bot as `/start CODE`; `url` does it with one tap, and is empty until the bot's name is known."""

    code: str
    url: str
    expires_at: datetime


@push.get("/key")
@needs(Permission.SELF_MANAGE, streams=True)
async def push_key(request: Request) -> PushKey:
    """Show the public key for web push; add a subscription as a contact of the kind web_push."""
    browsers = services_of(request).of(Browsers)
    return PushKey(public_key=(await browsers.keys()).public)


@telegram.post("/link", status_code=201)
@needs(Permission.SELF_MANAGE)
async def link_telegram(unit: Uses) -> LinkOut:
    """Get the code that makes a Telegram chat one's own contact."""
    made = await invite(unit)
    return LinkOut(code=made.code, url=made.url, expires_at=made.expires_at)
