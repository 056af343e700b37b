"""ntfy among the channels."""

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.ntfy.channel import NtfyChannel
from muster.channels.ntfy.settings import NtfySettings


def _build(ground: Ground) -> NtfyChannel:
    settings = ground.settings.of(NtfySettings)
    return NtfyChannel(ground.http, settings.ntfy_token, settings.ntfy_server, ground.links)


def _guide(settings: Settings, channel: NtfyChannel) -> Guide:
    own = settings.of(NtfySettings)
    token = f" The access token goes to {own.ntfy_server} only." if own.ntfy_token else ""
    steps = (
        "Install the ntfy app and subscribe to a topic with a name that nobody guesses.",
        "Add an ntfy contact with the topic's address, such as https://ntfy.sh/your-topic.",
        "Pages ring with buttons to acknowledge and to escalate; they work without sign-in.",
    )
    return Guide(True, f"Ready.{token}", steps)


ENTRY = ChannelEntry("ntfy", _build, _guide)
