"""The vendors of an installation, from its settings, in the order of preference."""

from pathlib import Path

from muster.base.http import Http, read_url
from muster.base.settings import Settings
from muster.channels.telephony.gateway.spec import SETTING as GATEWAYS
from muster.channels.telephony.gateway.spec import Gateway, read_gateways
from muster.channels.telephony.gateway.vendor import HttpGateway
from muster.channels.telephony.modem.vendor import ModemSms, read_device
from muster.channels.telephony.numbers import read_sender
from muster.channels.telephony.port import SmsVendor, VoiceVendor
from muster.channels.telephony.settings import TelephonySettings, TwilioSettings
from muster.channels.telephony.smpp.settings import read_smpp
from muster.channels.telephony.smpp.vendor import SmppSms
from muster.channels.telephony.twilio.account import TwilioAccount
from muster.channels.telephony.twilio.vendor import TwilioSms, TwilioVoice
from muster.kit.errors import Fault, Invalid

LONGEST_FILE = 256 * 1024


def build_vendors(settings: Settings, http: Http) -> tuple[list[SmsVendor], list[VoiceVendor]]:
    """The vendors for text messages and for calls.

    Raises:
        Invalid: with one fault for each setting that cannot be used.
    """
    own, twilio = settings.of(TelephonySettings), settings.of(TwilioSettings)
    faults: list[Fault] = []
    sms: dict[str, SmsVendor] = {}
    voice: dict[str, VoiceVendor] = {}
    sender = own.sms_from or (twilio.twilio_from if twilio.twilio_from.startswith("+") else "")
    if sender and (fault := read_sender(sender, "MUSTER_SMS_FROM")):
        faults.append(fault)
    if isinstance(read_url(twilio.twilio_url), Fault):
        faults.append(Fault("MUSTER_TWILIO_URL", "This is no URL.", "Leave it out for https://api.twilio.com."))
    if not 1 <= own.sms_segments <= 10:
        faults.append(Fault("MUSTER_SMS_SEGMENTS", "A text message takes 1 to 10 parts.", "Leave it out for 3."))
    account = read_account(settings)
    if account.sid or "twilio" in own.sms_vendors:
        sms["twilio"] = TwilioSms(http, account)
    if account.sid or "twilio" in own.voice_vendors:
        voice["twilio"] = TwilioVoice(http, account)
    if own.smpp:
        read = read_smpp(own.smpp, sender)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            sms["smpp"] = SmppSms(read)
    if own.modem:
        device = read_device(own.modem)
        if isinstance(device, Fault):
            faults.append(device)
        else:
            sms["modem"] = ModemSms(*device, pin=own.modem_pin)
    for name, gateway in _gateways(own.gateways, faults).items():
        vendor = HttpGateway(http, name, gateway, sender)
        if gateway.channel == "sms":
            sms[name] = vendor
        else:
            voice[name] = vendor
    chosen_sms = _chosen("MUSTER_SMS_VENDORS", own.sms_vendors, sms, faults)
    chosen_voice = _chosen("MUSTER_VOICE_VENDORS", own.voice_vendors, voice, faults)
    if faults:
        raise Invalid("The settings for text messages and calls cannot be used.", faults=faults)
    return [sms[name] for name in chosen_sms], [voice[name] for name in chosen_voice]


def read_account(settings: Settings) -> TwilioAccount:
    """The account at Twilio."""
    twilio = settings.of(TwilioSettings)
    return TwilioAccount(
        sid=twilio.twilio_account,
        token=twilio.twilio_token,
        sender=twilio.twilio_from,
        caller=twilio.twilio_caller,
        api=twilio.twilio_url,
        here=settings.public_url.rstrip("/"),
        language=settings.of(TelephonySettings).voice_language,
    )


def _gateways(setting: str, faults: list[Fault]) -> dict[str, Gateway]:
    text = setting
    if not text:
        return {}
    if not text.startswith("{"):
        try:
            path = Path(text).expanduser()
            if path.stat().st_size > LONGEST_FILE:
                raise OSError(0, "it is too large")
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            faults.append(Fault(GATEWAYS, f"The file {setting} cannot be read: {why}.", "Give JSON, or a file of it."))
            return {}
    read = read_gateways(text)
    if isinstance(read, list):
        faults += read
        return {}
    return read


def _chosen(
    name: str, wanted: str, vendors: dict[str, SmsVendor] | dict[str, VoiceVendor], faults: list[Fault]
) -> list[str]:
    """The names in use: those of the setting, or without one all that are set up."""
    names = list(dict.fromkeys(choice.strip() for choice in wanted.split(",") if choice.strip())) or list(vendors)
    for choice in names:
        if choice not in vendors:
            fix = f"Use {', '.join(vendors)}." if vendors else "Set that vendor up first."
            faults.append(Fault(name, f"There is no vendor {choice} that is set up.", fix))
    return names
