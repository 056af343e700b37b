"""The long tail of services among the channels, if Apprise is installed."""

from importlib.util import find_spec

from muster.base.settings import Settings
from muster.channels.apprise.channel import AppriseChannel
from muster.channels.entry import ChannelEntry, Ground, Guide


def _build(ground: Ground) -> AppriseChannel:
    return AppriseChannel(allow_private=ground.http.allow_private)


def _guide(settings: Settings, channel: AppriseChannel) -> Guide:
    if find_spec("apprise") is None:
        install = "Install it: make apprise, or pip install 'muster-incidents[apprise]'."
        stands = "Not installed: Discord, Pushover, Webex and others need Apprise."
        return Guide(False, stands, (install, "Restart Muster."))
    add = "Add an apprise contact with the service's address, such as discord://webhook-id/webhook-token."
    return Guide(True, "Ready: Discord, Pushover, Webex and others.", (add,))


ENTRY = ChannelEntry("apprise", _build, _guide)
