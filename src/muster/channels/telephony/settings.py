"""Settings of text messages and calls, and of the vendors that carry them."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class TelephonySettings:
    """What holds for all vendors, and those that need a line or two."""

    sms_vendors: str = setting(
        "", "Who carries text messages, the preferred first: twilio,smpp,modem or a gateway's name; empty: all set up."
    )
    voice_vendors: str = setting(
        "", "Who makes calls, the preferred first: twilio or a gateway's name; empty: all set up."
    )
    sms_from: str = setting("", "The sender of text messages by SMPP and gateways; empty: MUSTER_TWILIO_FROM.")
    sms_segments: int = setting(3, "How many parts a text message may take; each costs like one.")
    voice_language: str = setting("en-US", "The language in which calls are pronounced, such as en-GB.")
    gateways: str = setting(
        "", "HTTP gateways for text messages and calls: JSON, or the path of a JSON file.", secret=True
    )
    smpp: str = setting("", "A message centre by SMPP 3.4: smpp://user:password@host:2775.", secret=True)
    modem: str = setting("", "A modem with a SIM card for text messages, such as /dev/ttyUSB0@115200.")
    modem_pin: str = setting("", "The PIN of the modem's SIM card.", secret=True)


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """The account at Twilio."""

    twilio_account: str = setting("", "The account (AC…) at Twilio; empty: Twilio is off.")
    twilio_token: str = setting("", "The auth token at Twilio; it also proves Twilio's callbacks.", secret=True)
    twilio_from: str = setting("", "The sender at Twilio: a number (+1…), a short code, a messaging service (MG…).")
    twilio_caller: str = setting("", "The number that calls come from at Twilio; empty: MUSTER_TWILIO_FROM.")
    twilio_url: str = setting("https://api.twilio.com", "Twilio's API, for another region or what speaks the same.")


SETTINGS = (TelephonySettings, TwilioSettings)
