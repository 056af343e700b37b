"""What `muster doctor` says of Telegram: whether it accepts the bot's token."""

from muster.base.http import Http
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.credentials import examined
from muster.channels.telegram.channel import TelegramChannel
from muster.channels.telegram.settings import TelegramSettings


async def examine(settings: Settings, http: Http) -> list[Finding]:
    """A finding where a bot is set up."""
    own = settings.of(TelegramSettings)
    return await examined("Telegram", TelegramChannel(http, own.telegram_token, api=own.telegram_api))
