"""The built-in inbox among the channels."""

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.inbox.channel import InboxChannel


def _build(ground: Ground) -> InboxChannel:
    return InboxChannel(ground.keep)


def _guide(settings: Settings, channel: InboxChannel) -> Guide:
    stands = "Ready: it needs no provider. Good for a first try and for drills; it wakes nobody."
    return Guide(True, stands, ("Add an inbox contact with your name as the box.", "Read it here, under Inbox."))


ENTRY = ChannelEntry("inbox", _build, _guide)
