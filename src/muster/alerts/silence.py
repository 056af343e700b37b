"""Silences and maintenance windows: what they match, when, and what they say about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from muster.alerts.alert import Alert
from muster.alerts.matchers import Matcher

SilenceKind = Literal["silence", "maintenance"]


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes alerts whose labels meet all matchers, from `starts_at` until `ends_at`.

    With an `integration_id` it mutes only what came through that integration.
    """

    id: UUID
    kind: SilenceKind
    integration_id: UUID | None
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str
    created_at: datetime
    updated_at: datetime

    def state(self, now: datetime) -> Literal["pending", "active", "expired"]:
        """Alertmanager's words for where a silence stands."""
        if now < self.starts_at:
            return "pending"
        return "active" if now < self.ends_at else "expired"

    def matches(self, integration_id: UUID, labels: Mapping[str, str]) -> bool:
        """Whether an alert of that integration with these labels meets every matcher."""
        return self.integration_id in (None, integration_id) and all(
            matcher.matches(labels) for matcher in self.matchers
        )

    def sentence(self) -> str:
        """Why an alert is quiet, for its reader."""
        word = "Silenced" if self.kind == "silence" else "In a maintenance window"
        return f"{word} by {self.created_by} until {self.ends_at:%Y-%m-%d %H:%M} UTC: {self.comment or 'no comment'}"


def silencing(silences: Iterable[Silence], alert: Alert, now: datetime) -> Silence | None:
    """The silence that mutes an alert now, the one that lasts longest if there are several."""
    active = [
        silence
        for silence in silences
        if silence.state(now) == "active" and silence.matches(alert.integration_id, alert.labels)
    ]
    return max(active, key=lambda silence: silence.ends_at, default=None)
