"""What `muster doctor` says of Mattermost: whether it accepts the bot's token."""

from muster.base.http import Http
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.credentials import examined
from muster.channels.mattermost.channel import MattermostChannel


async def examine(settings: Settings, http: Http) -> list[Finding]:
    """A finding where a bot is set up."""
    channel = MattermostChannel(http, None, settings.mattermost_url, settings.mattermost_token)
    return await examined("Mattermost", channel)
