"""Mattermost among the channels: a bot, or incoming webhooks only."""

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.mattermost.channel import MattermostChannel
from muster.channels.mattermost.settings import MattermostSettings


def _build(ground: Ground) -> MattermostChannel:
    settings = ground.settings.of(MattermostSettings)
    return MattermostChannel(ground.http, ground.links, settings.mattermost_url, settings.mattermost_token)


def _guide(settings: Settings, channel: MattermostChannel) -> Guide:
    own = settings.of(MattermostSettings)
    contact = "Each person adds a mattermost contact with their user name."
    reach = f"Let Mattermost call {settings.base_url}: name its host under AllowedUntrustedInternalConnections."
    if not own.mattermost_url or not own.mattermost_token:
        bot = "Make a bot account, and set MUSTER_MATTERMOST_URL and MUSTER_MATTERMOST_TOKEN to its access token."
        hook = "Or, without a bot: create an incoming webhook, and add a mattermost contact with its address."
        return Guide(True, "Ready for incoming webhooks; their buttons answer.", (bot, contact, reach, hook))
    stands = f"The bot writes at {own.mattermost_url}, and its buttons answer."
    if own.mattermost_command_token:
        return Guide(True, stands, (contact, reach))
    address = f"{settings.base_url}/callbacks/mattermost/command"
    command = (
        f"For answers by message, make a slash command /muster that posts to {address}, "
        "and set MUSTER_MATTERMOST_COMMAND_TOKEN to its token."
    )
    return Guide(True, stands, (contact, reach, command))


ENTRY = ChannelEntry(
    "mattermost",
    _build,
    _guide,
    callbacks=("channels.mattermost.callbacks:router",),
    examine="channels.mattermost.doctor:examine",
    renews=True,
)
