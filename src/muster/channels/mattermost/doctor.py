"""What `muster doctor` says of Mattermost: whether it accepts the bot's token."""

from muster.base.http import Http
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.credentials import examined
from muster.channels.mattermost.channel import MattermostChannel
from muster.channels.mattermost.settings import MattermostSettings


async def examine(settings: Settings, http: Http) -> list[Finding]:
    """A finding where a bot is set up."""
    own = settings.of(MattermostSettings)
    channel = MattermostChannel(http, None, own.mattermost_url, own.mattermost_token)
    return await examined("Mattermost", channel)
