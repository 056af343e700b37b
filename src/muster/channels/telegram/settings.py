"""Settings of Telegram."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The bot, and how answers come from it."""

    telegram_token: str = setting("", "The token of your Telegram bot; empty: Telegram is off.", secret=True)
    telegram_answers: str = setting(
        "polling", "How answers come from Telegram: polling (works behind a firewall), webhook or off."
    )
    telegram_api: str = setting("https://api.telegram.org", "The Bot API's server, for one of your own.")


SETTINGS = (TelegramSettings,)
