"""What belongs to an incident besides its row: who holds which role, notes, links, severity's history."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

RESPONSE_MANAGER = "incident_response_manager"
ENGINEER = "on_call_engineer"


@dataclass(frozen=True, slots=True)
class Holding:
    """A person's time in a role (R80-R83); `ended_at` is None while it lasts. `person` is the name."""

    role: str
    person_id: UUID
    person: str
    assigned_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note; `name` is set where it answers an item of the closure checklist. `text` is Markdown."""

    id: UUID
    at: datetime
    by_name: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A link that somebody attached."""

    id: UUID
    at: datetime
    by_name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """A severity as of an instant, with the reason that was given (R20)."""

    at: datetime
    severity: str
    reason: str
    by_name: str


@dataclass(frozen=True, slots=True)
class AlertCount:
    """How many alerts an incident has, and how many of them still fire."""

    all: int = 0
    firing: int = 0


@dataclass(frozen=True, slots=True)
class Firing:
    """How many alerts of an incident fire, and the titles of the first of them."""

    many: int = 0
    titles: tuple[str, ...] = ()
