"""A source of signals with a key of its own, which may do nothing but send."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Integration:
    """`format` names how its requests are read; `options` are that format's own. `secret_sealed` is what its sender proves
    itself with, empty where nothing was agreed."""

    id: UUID
    name: str
    title: str
    format: str
    options: dict[str, Any]
    active: bool
    created_at: datetime
    last_signal_at: datetime | None
    secret_sealed: str = field(default="", repr=False)


def secret_row(integration_id: UUID) -> str:
    """The row to which the sealed secret of an integration is bound."""
    return f"integration:{integration_id}/secret"


def key_row(integration_id: UUID) -> str:
    """The row to which the sealed key of an integration is bound."""
    return f"integration:{integration_id}/key"


def key_digest(key: str) -> bytes:
    """How a key is looked up; keys are random and long, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).digest()
