"""Web push among the channels: browsers and installed apps, over HTTPS."""

from email.utils import parseaddr

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.web_push.channel import WebPushChannel
from muster.channels.web_push.settings import WebPushSettings


def _build(ground: Ground) -> WebPushChannel:
    contact = _contact(ground.settings, ground.sender)
    return WebPushChannel(ground.http, ground.clock, ground.links, ground.browsers, contact)


def _contact(settings: Settings, sender: str) -> str:
    if contact := settings.of(WebPushSettings).web_push_contact:
        return contact
    if settings.base_url.startswith("https://"):
        return settings.base_url
    return f"mailto:{parseaddr(sender)[1]}"


def _guide(settings: Settings, channel: WebPushChannel) -> Guide:
    steps = (
        "Open Muster on the phone or in the browser that is to ring; on an iPhone, first add it to the home screen.",
        "Under Me, Contacts, press Use this browser or phone, and enter the code that arrives.",
    )
    if not settings.base_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        serve = "Serve Muster over HTTPS and set MUSTER_PUBLIC_URL."
        return Guide(False, "Browsers allow it over HTTPS only.", (serve, *steps))
    stands = "Ready: no account anywhere is needed, and the browser reports when it has shown a page."
    return Guide(True, stands, steps)


ENTRY = ChannelEntry(
    "web_push",
    _build,
    _guide,
    callbacks=("channels.web_push.callbacks:shown", "channels.web_push.callbacks:answers"),
)
