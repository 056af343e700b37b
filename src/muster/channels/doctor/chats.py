"""What `muster doctor` says of the chats: whether their servers accept the credentials that are set."""

from muster.base.http import Http
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.mattermost.channel import MattermostChannel
from muster.channels.slack.channel import SlackChannel
from muster.channels.talking import Checks
from muster.channels.telegram.channel import TelegramChannel


async def examine_chats(settings: Settings) -> list[Finding]:
    """A finding for each chat that is set up; nothing is sent to anybody."""
    http = Http(allow_private=settings.allow_private_targets)
    asked: dict[str, Checks] = {
        "Slack": SlackChannel(http, settings.slack_token, api=settings.slack_api),
        "Mattermost": MattermostChannel(http, None, settings.mattermost_url, settings.mattermost_token),
        "Telegram": TelegramChannel(http, settings.telegram_token, api=settings.telegram_api),
    }
    found = []
    try:
        for name, channel in asked.items():
            said = await channel.check()
            if said is not None:
                well = said.outcome.sent
                sentence = f"{name} knows Muster as {said.reason}." if well else said.reason
                found.append(Finding(name, well, sentence))
    finally:
        await http.close()
    return found
