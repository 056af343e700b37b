"""All channels of an installation, by the name that contacts use."""

from collections.abc import Iterator, Mapping, Sequence
from email.utils import parseaddr

from muster.base.http import Http
from muster.base.secrets import Secrets
from muster.base.settings import Settings
from muster.channels.apprise.channel import AppriseChannel
from muster.channels.callback_links import CallbackLinks
from muster.channels.email.channel import EmailChannel
from muster.channels.email.form import read_address
from muster.channels.email.reply_address import ReplyAddresses
from muster.channels.email.smtp import Security, SmtpSettings
from muster.channels.inbox.channel import InboxChannel, Keep
from muster.channels.mattermost.channel import MattermostChannel
from muster.channels.ntfy.channel import PUBLIC_SERVER, NtfyChannel
from muster.channels.slack.channel import SlackChannel
from muster.channels.teams.channel import TeamsChannel
from muster.channels.telegram.channel import Hook, TelegramChannel
from muster.channels.telephony.build import build_vendors
from muster.channels.telephony.channels import SmsChannel, VoiceChannel
from muster.channels.telephony.port import Ears
from muster.channels.web_push.channel import Browsers, WebPushChannel
from muster.channels.web_push.crypto import encode
from muster.channels.webhook.channel import WebhookChannel, encode_secret
from muster.kit.clock import Clock
from muster.kit.errors import Fault, Invalid
from muster.paging.channel import Channel

KINDS = (
    "email", "sms", "voice", "webhook", "ntfy", "slack", "teams", "mattermost", "telegram", "web_push", "apprise", "inbox",
)  # fmt: skip
ANSWERS = ("polling", "webhook", "off")


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
        links: CallbackLinks | None = None,
        others: Sequence[Channel] = (),
        sms: SmsChannel | None = None,
        voice: VoiceChannel | None = None,
        answers: ReplyAddresses | None = None,
    ) -> None:
        self.email = EmailChannel(smtp, answers)
        self._sms, self._voice = sms or SmsChannel([]), voice or VoiceChannel([])
        self._apprise = AppriseChannel(allow_private=http.allow_private)
        channels: list[Channel] = [
            self.email,
            self._sms,
            self._voice,
            WebhookChannel(http, clock, webhook_secret),
            NtfyChannel(http, ntfy_token, ntfy_server, links),
            *(others or (SlackChannel(http), TeamsChannel(http))),
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

    async def listen(self, ears: Ears) -> None:
        """Begin to hear what comes back over connections that are kept open."""
        await self._sms.listen(ears)

    async def close(self) -> None:
        """End kept connections and threads; the HTTP client is its owner's to close."""
        await self.email.close()
        await self._sms.close()
        await self._voice.close()
        await self._apprise.close()


def build_channels(
    settings: Settings,
    secrets: Secrets,
    http: Http,
    clock: Clock,
    keep: Keep,
    links: CallbackLinks,
    browsers: Browsers,
    answers: ReplyAddresses | None = None,
) -> Channels:
    """The channels of an installation; `links` signs what comes back to it, `browsers` stands for those of web push,
    `answers` makes the addresses that mails are answered to.

    Raises:
        Invalid: when the settings of the mail server, of Telegram, or of text messages and calls cannot be used.
    """
    sms, voice = build_vendors(settings, http)
    return Channels(
        http,
        clock,
        keep,
        smtp=read_smtp(settings),
        webhook_secret=installation_secret(secrets),
        ntfy_token=settings.ntfy_token,
        ntfy_server=settings.ntfy_server,
        links=links,
        others=_chats(settings, secrets, http, clock, links, browsers),
        sms=SmsChannel(sms, settings.sms_segments),
        voice=VoiceChannel(voice),
        answers=answers,
    )


def _chats(
    settings: Settings, secrets: Secrets, http: Http, clock: Clock, links: CallbackLinks, browsers: Browsers
) -> Sequence[Channel]:
    answers = settings.telegram_answers
    if answers not in ANSWERS:
        fault = Fault("MUSTER_TELEGRAM_ANSWERS", f"{answers!r} is unknown.", f"Use one of {', '.join(ANSWERS)}.")
        raise Invalid("Telegram's settings cannot be used.", faults=[fault])
    hook = Hook(f"{settings.base_url}/callbacks/telegram", encode(secrets.derive("telegram")))
    return (
        SlackChannel(http, settings.slack_token, answers=bool(settings.slack_signing_secret), api=settings.slack_api),
        TeamsChannel(http),
        MattermostChannel(http, links, settings.mattermost_url, settings.mattermost_token),
        TelegramChannel(http, settings.telegram_token, answers=answers, hook=hook, api=settings.telegram_api),
        WebPushChannel(http, clock, links, browsers, push_contact(settings)),
    )


def push_contact(settings: Settings) -> str:
    """Whom push services may ask about this Muster: as set, else its own address where that is https, else the mail sender."""
    if settings.web_push_contact:
        return settings.web_push_contact
    return (
        settings.base_url if settings.base_url.startswith("https://") else f"mailto:{parseaddr(settings.smtp_from)[1]}"
    )


def installation_secret(secrets: Secrets) -> str:
    """The signing secret of webhooks whose contact has none of its own, as receivers need it."""
    return encode_secret(secrets.derive("webhooks"))


def read_smtp(settings: Settings) -> SmtpSettings | None:
    """The mail server; None when e-mail is off.

    Raises:
        Invalid: with one fault for each setting that cannot be used.
    """
    if not settings.smtp_host:
        return None
    faults = []
    if settings.smtp_security not in list(Security):
        known = ", ".join(Security)
        faults.append(Fault("MUSTER_SMTP_SECURITY", f"{settings.smtp_security!r} is unknown.", f"Use one of {known}."))
    sender = read_address(parseaddr(settings.smtp_from)[1], "MUSTER_SMTP_FROM")
    if isinstance(sender, Fault):
        faults.append(sender)
    if faults:
        raise Invalid("The mail server's settings cannot be used.", faults=faults)
    return SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user,
        password=settings.smtp_password,
        security=Security(settings.smtp_security),
        sender=settings.smtp_from,
    )
