"""Slack among the channels: an app with buttons that answer, or incoming webhooks only."""

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.slack.channel import SlackChannel
from muster.channels.slack.settings import SlackSettings


def _build(ground: Ground) -> SlackChannel:
    settings = ground.settings.of(SlackSettings)
    answers = bool(settings.slack_signing_secret)
    return SlackChannel(ground.http, settings.slack_token, answers=answers, api=settings.slack_api)


def _guide(settings: Settings, channel: SlackChannel) -> Guide:
    webhook = "Or, without an app: create an incoming webhook for a channel, and add a slack contact with its address."
    contact = "Each person adds a slack contact with their member ID (Slack profile, Copy member ID)."
    own = settings.of(SlackSettings)
    if not own.slack_token:
        app = "Create a Slack app with the scope chat:write, install it, and set MUSTER_SLACK_TOKEN to its bot token."
        stands = "Ready for incoming webhooks; without an app there are no buttons that answer."
        return Guide(True, stands, (app, contact, webhook))
    if not own.slack_signing_secret:
        sign = (
            "Set MUSTER_SLACK_SIGNING_SECRET, and in the app turn on Interactivity with the address "
            f"{settings.base_url}/callbacks/slack/actions."
        )
        stands = "The app writes; its buttons are links until Slack's answers can be verified."
        return Guide(True, stands, (sign, contact))
    address = f"{settings.base_url}/callbacks/slack/events"
    events = f"For answers by message, subscribe the app to message.im events at {address}."
    return Guide(True, "The app writes, and its buttons answer.", (contact, events, webhook))


ENTRY = ChannelEntry(
    "slack",
    _build,
    _guide,
    callbacks=("channels.slack.callbacks:router",),
    examine="channels.slack.doctor:examine",
    renews=True,
)
