"""Webhooks among the channels."""

from muster.base.secrets import Secrets
from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.webhook.channel import WebhookChannel, encode_secret


def _build(ground: Ground) -> WebhookChannel:
    return WebhookChannel(ground.http, ground.clock, installation_secret(ground.secrets))


def installation_secret(secrets: Secrets) -> str:
    """The signing secret of webhooks whose contact has none of its own, as receivers need it."""
    return encode_secret(secrets.derive("webhooks"))


def _guide(settings: Settings, channel: WebhookChannel) -> Guide:
    refused = " Private and loopback addresses are refused (MUSTER_ALLOW_PRIVATE_TARGETS)."
    steps = (
        "Add a webhook contact with the address that takes a POST.",
        "Verify the signature (standard-webhooks) with the contact's own secret, or with that of this Muster.",
    )
    return Guide(True, f"Ready.{'' if settings.allow_private_targets else refused}", steps)


ENTRY = ChannelEntry("webhook", _build, _guide, callbacks=("channels.webhook.callbacks:router",))
