"""A deployment, configuration, flag or infrastructure change as it was reported (R41)."""

from dataclasses import dataclass, field
from datetime import datetime

from muster.kit.link import Link


@dataclass(frozen=True, slots=True)
class Change:
    """One change event; `key` identifies it within its integration, so that a repeat is not a second change."""

    key: str
    title: str
    kind: str
    at: datetime
    labels: dict[str, str] = field(default_factory=dict)
    description: str = ""
    links: tuple[Link, ...] = ()
