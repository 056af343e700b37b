"""Settings of Mattermost."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class MattermostSettings:
    """The bot that writes, and the command that it hears."""

    mattermost_url: str = setting("", "Your Mattermost server; empty: incoming webhooks only.")
    mattermost_token: str = setting("", "The access token of Muster's bot account in Mattermost.", secret=True)
    mattermost_command_token: str = setting(
        "",
        "The token of the slash command in Mattermost, by which answers are believed; empty: buttons only.",
        secret=True,
    )


SETTINGS = (MattermostSettings,)
