"""Settings of a node that is looked at from outside."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """Who may look, and whom they may tell."""

    metrics_from: str = setting(
        "127.0.0.0/8,::1", "Addresses and networks that read /metrics without a token; empty: a token always."
    )
    security_contact: str = setting(
        "", "mailto: or https: address for those who found a weakness; with it /.well-known/security.txt is served."
    )
