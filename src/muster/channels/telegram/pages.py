"""Linking one's Telegram chat: a code that is said to the bot."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.channels.registry import Channels
from muster.channels.telegram.actions import CHANNEL, Invitation, invite

router = page_router("/me/telegram")


@template("channels/telegram.html")
@dataclass(frozen=True, slots=True)
class TelegramView:
    """How a chat is linked; `ready`: Muster has a bot that listens."""

    ready: bool
    topics: Sequence[str] = ()


@template("channels/telegram_link.html")
@dataclass(frozen=True, slots=True)
class TelegramLinkView:
    """The code that was just made; it stands on a page that does not renew itself."""

    invitation: Invitation


@router.get("")
@needs(Permission.SELF_MANAGE)
async def telegram_page(unit: Uses, request: Request) -> Response:
    """Explain how a chat is linked."""
    return render(request, TelegramView(_ready(request)))


@router.post("")
@needs(Permission.SELF_MANAGE)
async def do_invite(unit: Uses, request: Request) -> Response:
    """Make the code."""
    if not _ready(request):
        return render(request, TelegramView(ready=False))
    return render(request, TelegramLinkView(await invite(unit)))


def _ready(request: Request) -> bool:
    return bool(services_of(request).of(Channels)[CHANNEL].capabilities.two_way)
