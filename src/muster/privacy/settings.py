"""Settings of retention."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long personal data is kept."""

    keep_refused: int = setting(30, "Days that refused requests are kept; 0: for ever.")
    keep_addresses: int = setting(
        365, "Days that the address of a sent message and its provider's answers are kept; 0: for ever."
    )
    keep_messages: int = setting(90, "Days that messages stay in the built-in inbox; 0: for ever.")
    keep_sign_ins: int = setting(90, "Days that ended sessions, unused browsers and used links are kept; 0: for ever.")
