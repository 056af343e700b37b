"""What a deadline is: one concept for acknowledge-by, update-due, RCA-due and all the others.

The feature that starts a clock owns it: it declares the kind, and provides what happens at a breach (`actions.OnBreach`).
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class ClockState(StrEnum):
    """A clock leaves `running` exactly once."""

    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ClockKind:
    """A kind of deadline. `owner` is the feature that declares it and starts such clocks; no two kinds have one `name`."""

    name: str
    owner: str

    def key(self, about: object = "") -> str:
        """Under what a clock of this kind is kept: one may run for each subject, or for each thing that it is `about`."""
        return f"{self.name}:{about}" if about else self.name


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A deadline to be watched. `subject` is a ledger stream ("incident:<uuid>").

    One clock runs for each subject and kind, or for each thing that it is `about` where a subject has several.
    """

    subject: str
    kind: ClockKind
    label: str
    due_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A deadline as it stands; `kind` is the key of its kind."""

    id: UUID
    subject: str
    kind: str
    label: str
    data: dict[str, Any]
    state: ClockState
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None

    def is_of(self, kind: ClockKind) -> bool:
        """Whether it is of this kind."""
        return self.kind.partition(":")[0] == kind.name

    @property
    def about(self) -> str:
        """What it is about; empty where its subject has one of its kind."""
        return self.kind.partition(":")[2]
