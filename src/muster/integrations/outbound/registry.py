"""All channels of an installation, by the name that contacts use."""

from collections.abc import Iterator, Mapping

from muster.base.http import Http
from muster.integrations.outbound.apprise import AppriseChannel
from muster.integrations.outbound.email import EmailChannel
from muster.integrations.outbound.inbox import InboxChannel, Keep
from muster.integrations.outbound.ntfy import PUBLIC_SERVER, NtfyChannel
from muster.integrations.outbound.slack import SlackChannel
from muster.integrations.outbound.smtp import SmtpSettings
from muster.integrations.outbound.webhook import WebhookChannel
from muster.kit.clock import Clock
from muster.paging.channel import Channel

KINDS = ("email", "webhook", "ntfy", "slack", "apprise", "inbox")


class Channels(Mapping[str, Channel]):
    """The channels; closed with the process."""

    def __init__(
        self,
        http: Http,
        clock: Clock,
        keep: Keep,
        *,
        smtp: SmtpSettings | None = None,
        webhook_secret: str = "",
        ntfy_token: str = "",
        ntfy_server: str = PUBLIC_SERVER,
    ) -> None:
        self._email = EmailChannel(smtp)
        self._apprise = AppriseChannel(allow_private=http.allow_private)
        channels: list[Channel] = [
            self._email,
            WebhookChannel(http, clock, webhook_secret),
            NtfyChannel(http, ntfy_token, ntfy_server),
            SlackChannel(http),
            self._apprise,
            InboxChannel(keep),
        ]
        self._channels = {channel.kind: channel for channel in channels}

    def __getitem__(self, kind: str) -> Channel:
        return self._channels[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)

    async def close(self) -> None:
        """End kept connections and threads; the HTTP client is its owner's to close."""
        await self._email.close()
        await self._apprise.close()
