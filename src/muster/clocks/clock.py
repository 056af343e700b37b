"""What a deadline is: one concept for acknowledge-by, update-due, RCA-due and all the others."""

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
class ClockSpec:
    """A deadline to be watched. `subject` is a ledger stream ("incident:<uuid>"); `kind` is unique among its running ones."""

    subject: str
    kind: str
    label: str
    due_at: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A deadline as it stands."""

    id: UUID
    subject: str
    kind: str
    label: str
    data: dict[str, Any]
    state: ClockState
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockBreached:
    """A clock ran out; emitted once, in the transaction that records it."""

    clock: RunningClock
