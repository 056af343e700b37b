"""Settings of the ledger."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class SealSettings:
    """Where seals go."""

    seals_to: str = setting(
        "",
        "Where each seal of the ledger is sent: a folder on another machine, or an https address; empty: nowhere.",
        secret=True,
    )
