"""Settings of alerts."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class SignalSettings:
    """How long requests of senders are kept."""

    keep_signals: int = setting(
        90, "Days that requests of senders are kept as they were sent, the last of each alert longer; 0: for ever."
    )
