"""Telegram among the channels: a bot that writes, and hears answers by polling or by webhook."""

from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.channels.telegram.channel import Hook, TelegramChannel
from muster.channels.telegram.settings import TelegramSettings
from muster.kit.base64url import encode
from muster.kit.errors import Fault, Invalid

ANSWERS = ("polling", "webhook", "off")


def _build(ground: Ground) -> TelegramChannel:
    settings = ground.settings.of(TelegramSettings)
    answers = settings.telegram_answers
    if answers not in ANSWERS:
        fault = Fault("MUSTER_TELEGRAM_ANSWERS", f"{answers!r} is unknown.", f"Use one of {', '.join(ANSWERS)}.")
        raise Invalid("Telegram's settings cannot be used.", faults=[fault])
    hook = Hook(f"{ground.settings.base_url}/callbacks/telegram", encode(ground.secrets.derive("telegram")))
    return TelegramChannel(ground.http, settings.telegram_token, answers=answers, hook=hook, api=settings.telegram_api)


def _guide(settings: Settings, channel: TelegramChannel) -> Guide:
    contact = "Each person presses Link Telegram under Me, Contacts, and opens the link in Telegram."
    own = settings.of(TelegramSettings)
    if not own.telegram_token:
        bot = "Write to @BotFather, make a bot, and set MUSTER_TELEGRAM_TOKEN to its token."
        return Guide(False, "Off: no bot is set.", (bot, "Restart Muster.", contact))
    stands = {
        "polling": "The bot writes; Muster asks Telegram for answers, which works behind a firewall.",
        "webhook": f"The bot writes; Telegram brings answers to {settings.base_url}/callbacks/telegram.",
        "off": "The bot writes; its buttons are links.",
    }
    return Guide(True, stands[own.telegram_answers], (contact,))


ENTRY = ChannelEntry(
    "telegram",
    _build,
    _guide,
    callbacks=("channels.telegram.callbacks:router",),
    examine="channels.telegram.doctor:examine",
    renews=True,
)
