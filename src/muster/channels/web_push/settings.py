"""Settings of web push."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class WebPushSettings:
    """Whom push services may ask."""

    web_push_contact: str = setting(
        "",
        "mailto: or https: address by which push services reach whoever runs this Muster; empty: made of the others.",
    )


SETTINGS = (WebPushSettings,)
