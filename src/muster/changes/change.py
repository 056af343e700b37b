"""A deployment, configuration, flag or infrastructure change as it was reported (R41)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change as it is kept."""

    id: UUID
    integration_id: UUID
    key: str
    title: str
    kind: str
    at: datetime
    received_at: datetime
    labels: dict[str, str]
    description: str
    links: tuple[Link, ...]
