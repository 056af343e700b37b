"""Telegram's updates by webhook, believed by the secret that Muster gave Telegram when it set the webhook."""

import msgspec
from fastapi import Request, Response

from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.channels.callback_parts import callback_router, channels_of, refuse, same
from muster.channels.telegram.actions import on_update
from muster.channels.telegram.channel import TelegramChannel
from muster.people.api.parts import reach_of

router = callback_router("telegram")


@router.post("")
@public("Telegram sends the secret that Muster gave it, in X-Telegram-Bot-Api-Secret-Token.")
async def on_webhook(unit: Uses, request: Request) -> Response:
    """An update."""
    channel = channels_of(request).get("telegram")
    hook = channel.hook if isinstance(channel, TelegramChannel) and not channel.polls and channel.listens else None
    if hook is None:
        return refuse("Telegram's webhook is not in use.", "Set MUSTER_TELEGRAM_ANSWERS=webhook.")
    if not same(request.headers.get("x-telegram-bot-api-secret-token", ""), hook.secret):
        return refuse("Telegram did not send this.", "The secret differs; restart Muster to set the webhook again.")
    try:
        update = msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, RecursionError):
        return Response(status_code=200)
    await on_update(unit, update, reach_of(request))
    return Response(status_code=200)
