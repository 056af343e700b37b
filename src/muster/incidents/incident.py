"""An incident as it stands: an unplanned disruption being handled (R1)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

_REF = re.compile(r"(?:INC-)?(\d{1,15})", re.IGNORECASE)


class State(StrEnum):
    """The glossary's states, in their order."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN = frozenset({State.TRIGGERED, State.ACKNOWLEDGED, State.MITIGATED})
"""States in which the disruption is not over."""


@dataclass(frozen=True, slots=True)
class Incident:
    """The row of an incident. `record` holds what the closing record asks for (trigger, resolution …), by field name."""

    id: UUID
    number: int
    title: str
    summary: str
    state: State
    severity: str
    severity_reason: str
    category: str
    plan_version_id: UUID
    policies: tuple[str, ...]
    group_key: str
    joins_until: datetime
    workload: str
    component: str
    source: str
    reporter_id: UUID | None
    on_behalf_of: str
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    mitigated_at: datetime | None
    mitigated_by: UUID | None
    resolved_at: datetime | None
    resolved_by: UUID | None
    closed_at: datetime | None
    closed_by: UUID | None
    false_alarm: bool
    merged_into: UUID | None
    record: dict[str, Any]
    changed_at: datetime

    @property
    def ref(self) -> str:
        """What people call it: INC-142."""
        return f"INC-{self.number}"

    @property
    def stream(self) -> str:
        """Its stream in the ledger; also its clocks' subject and its live topic."""
        return stream_of(self.id)

    @property
    def open(self) -> bool:
        """The disruption is not over."""
        return self.state in OPEN


def stream_of(incident_id: UUID) -> str:
    """The ledger stream of an incident."""
    return f"incident:{incident_id}"


def parse_ref(text: str) -> int | UUID | None:
    """What a reference means: a number (`INC-142`, `142`), an id, or None for neither."""
    if match := _REF.fullmatch(text.strip()):
        return int(match[1])
    try:
        return UUID(text.strip())
    except ValueError:
        return None
