"""What `muster doctor` says of Slack: whether it accepts the app's token."""

from muster.base.http import Http
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.credentials import examined
from muster.channels.slack.channel import SlackChannel
from muster.channels.slack.settings import SlackSettings


async def examine(settings: Settings, http: Http) -> list[Finding]:
    """A finding where an app is set up."""
    own = settings.of(SlackSettings)
    return await examined("Slack", SlackChannel(http, own.slack_token, api=own.slack_api))
