"""What alerts tell the features above them, in the transaction in which it became true."""

from dataclasses import dataclass, field
from enum import StrEnum

from muster.alerts.alert import Alert
from muster.alerts.clock_skew import ClockSkew
from muster.alerts.integration import Integration


class ChangeKind(StrEnum):
    """What became of an alert."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    HELD = "held"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class AlertChange:
    """One alert's change. `opened` means it fires and nothing holds it back; `held` that it fires and something does;
    `updated` that its source now says another severity."""

    alert: Alert
    kind: ChangeKind
    reason: str


@dataclass(frozen=True, slots=True)
class AlertsChanged:
    """All changes of one batch."""

    changes: tuple[AlertChange, ...]


@dataclass(frozen=True, slots=True)
class ClockDiffers:
    """A source's clock differs from this one: by its clock, alerts end that may still fire, or end too late."""

    integration: str
    skew: ClockSkew


@dataclass(slots=True)
class IntegrationDeleting:
    """An integration is about to go; features above add a sentence for everything of theirs that still uses it."""

    integration: Integration
    objections: list[str] = field(default_factory=list)
