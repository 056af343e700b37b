"""A team: who answers together for something."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Team:
    """Persons by name, in the order in which they were listed; `lead` is one of them, or empty."""

    id: UUID
    name: str
    title: str
    members: tuple[str, ...]
    lead: str
    created_at: datetime

    @property
    def label(self) -> str:
        """What people read: the title, or the name where there is none."""
        return self.title or self.name
