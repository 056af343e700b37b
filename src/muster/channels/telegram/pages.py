"""Linking one's Telegram chat: a code that is said to the bot."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.channels.registry import Channels
from muster.channels.telegram.actions import CHANNEL, invite

router = page_router("/me/telegram")


@router.get("")
@needs(Permission.SELF_MANAGE)
async def telegram_page(unit: Uses, request: Request) -> Response:
    """Explain how a chat is linked."""
    return render(request, "channels/telegram.html", ready=_ready(request), topics=[])


@router.post("")
@needs(Permission.SELF_MANAGE)
async def do_invite(unit: Uses, request: Request) -> Response:
    """Make the code."""
    if not _ready(request):
        return render(request, "channels/telegram.html", ready=False, topics=[])
    return render(request, "channels/telegram_link.html", made=await invite(unit))


def _ready(request: Request) -> bool:
    return bool(services_of(request).of(Channels)[CHANNEL].capabilities.two_way)
