"""An alert: many signals of one condition, as it stands now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from muster.kit.link import Link

Verdict = Literal["real", "false"]
"""Was this real?"""


class AlertStatus(StrEnum):
    """Whether the condition holds, and whether its source says that somebody has it."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Hold(StrEnum):
    """Why an alert that fires starts nothing."""

    NONE = ""
    SILENCE = "silence"
    MAINTENANCE = "maintenance"
    FLAPPING = "flapping"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Alert:
    """`episode` counts how often the condition began; `hold_reason` is the sentence that people read."""

    id: UUID
    integration_id: UUID
    key: str
    status: AlertStatus
    title: str
    description: str
    labels: dict[str, str]
    annotations: dict[str, str]
    severity_hint: str
    links: tuple[Link, ...]
    next_step: str
    group_hint: str
    starts_at: datetime
    ends_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    changed_at: datetime
    resolved_at: datetime | None
    episode: int
    signal_count: int
    hold: Hold
    hold_reason: str
    hold_ref: UUID | None
    verdict: str | None
    signal_id: UUID

    @property
    def active(self) -> bool:
        """The condition holds."""
        return self.status is not AlertStatus.RESOLVED
