"""Settings of Slack."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """The app that writes and hears."""

    slack_token: str = setting(
        "", "The bot token (xoxb-…) of your Slack app; empty: incoming webhooks only.", secret=True
    )
    slack_signing_secret: str = setting(
        "",
        "Your Slack app's signing secret, by which its buttons and replies are believed; empty: links only.",
        secret=True,
    )
    slack_api: str = setting("https://slack.com/api", "Slack's Web API; https://slack-gov.com/api for GovSlack.")


SETTINGS = (SlackSettings,)
