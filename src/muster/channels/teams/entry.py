"""Microsoft Teams among the channels."""

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.teams.channel import TeamsChannel


def _build(ground: Ground) -> TeamsChannel:
    return TeamsChannel(ground.http)


def _guide(settings: Settings, channel: TeamsChannel) -> Guide:
    steps = (
        "In Teams, open the channel's or chat's menu, Workflows, and choose Send webhook alerts; let anyone trigger it.",
        "Add a teams contact with the address that the workflow shows.",
    )
    return Guide(True, "Ready. Acknowledge opens the one-tap page: a workflow reports nothing back.", steps)


ENTRY = ChannelEntry("teams", _build, _guide)
