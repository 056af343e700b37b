"""Text messages and calls among the channels: which vendors carry them, what each still lacks."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.telephony.build import build_vendors
from muster.channels.telephony.channels import SmsChannel, VoiceChannel
from muster.channels.telephony.port import PhoneVendor
from muster.channels.telephony.settings import TelephonySettings

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def _build_sms(ground: Ground) -> SmsChannel:
    return SmsChannel(
        build_vendors(ground.settings, ground.http)[0], ground.settings.of(TelephonySettings).sms_segments
    )


def _build_voice(ground: Ground) -> VoiceChannel:
    return VoiceChannel(build_vendors(ground.settings, ground.http)[1])


def _guide(settings: Settings, channel: SmsChannel | VoiceChannel) -> Guide:
    vendors: Sequence[PhoneVendor] = list(channel.vendors.values())
    usable = [vendor.name for vendor in vendors if not vendor.missing]
    lacks = [vendor.missing for vendor in vendors if vendor.missing]
    if usable:
        order = ", then ".join(usable)
        stands = " ".join([f"Ready: {order}.", *([_unreached(settings)] if _local(settings) else []), *lacks])
    elif lacks:
        stands = " ".join(lacks)
    else:
        stands = "Off: no vendor is set up."
    return Guide(bool(usable), stands, tuple(_steps(channel.kind, settings)))


def _steps(kind: str, settings: Settings) -> list[str]:
    twilio = (
        "Twilio: set MUSTER_TWILIO_ACCOUNT, MUSTER_TWILIO_TOKEN and MUSTER_TWILIO_FROM; set MUSTER_PUBLIC_URL to the address "
        "at which Twilio reaches Muster, so that receipts and answers come back."
    )
    gateway = "Any other vendor or a gateway of your own that takes HTTP: describe it in MUSTER_GATEWAYS."
    contact = (
        "Each person adds a contact with their number, such as +4915112345678, and proves it with the code that comes."
    )
    if kind == "voice":
        return [twilio, gateway, "Where several are set up, MUSTER_VOICE_VENDORS says who is tried first.", contact]
    webhook = (
        f"For answers by text, enter {settings.base_url}/callbacks/twilio/sms as the sender's webhook at Twilio (POST)."
    )
    own = "Without a vendor's cloud: a message centre by SMPP (MUSTER_SMPP), or a modem with a SIM card (MUSTER_MODEM)."
    return [twilio, webhook, gateway, own, "MUSTER_SMS_VENDORS says who is tried first, such as twilio,modem.", contact]


def _local(settings: Settings) -> bool:
    return urlsplit(settings.base_url).hostname in _LOCAL


def _unreached(settings: Settings) -> str:
    return (
        f"But receipts and answers go to {settings.base_url}, which only this machine reaches: set MUSTER_PUBLIC_URL."
    )


SMS = ChannelEntry(
    "sms",
    _build_sms,
    _guide,
    callbacks=("channels.telephony.twilio.callbacks:router", "channels.telephony.gateway.callbacks:router"),
    examine="channels.telephony.doctor:examine",
)
VOICE = ChannelEntry("voice", _build_voice, _guide)
ENTRY = (SMS, VOICE)
