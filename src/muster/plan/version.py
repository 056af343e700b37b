"""A published version of a plan."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from muster.plan.model.plan import Plan


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One line of a plan's history; `name` is the plan's, `number` counts its versions from 1."""

    id: UUID
    name: str
    number: int
    digest: str
    note: str
    published_at: datetime
    published_by: str

    @property
    def label(self) -> str:
        """`main 3`, as people refer to it."""
        return f"{self.name} {self.number}"


@dataclass(frozen=True, slots=True)
class Version(VersionEntry):
    """A version with what it says."""

    text: str
    plan: Plan = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlanInfo:
    """A plan by name; of the active one, the newest version is in force."""

    name: str
    active: bool
    versions: int


def digest_of(text: str) -> str:
    """What makes two texts the same version: their letters, but for blank space at the ends."""
    return hashlib.sha256(text.strip().encode()).hexdigest()
