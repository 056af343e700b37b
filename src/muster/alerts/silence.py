"""Silences and maintenance windows: what they match, when, and what they say about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from muster.alerts.matchers import Matcher

SilenceKind = Literal["silence", "maintenance"]


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes alerts whose labels meet all matchers, from `starts_at` until `ends_at`."""

    id: UUID
    kind: SilenceKind
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

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet every matcher."""
        return all(matcher.matches(labels) for matcher in self.matchers)

    def sentence(self) -> str:
        """Why an alert is quiet, for its reader."""
        word = "Silenced" if self.kind == "silence" else "In a maintenance window"
        return f"{word} by {self.created_by} until {self.ends_at:%Y-%m-%d %H:%M} UTC: {self.comment or 'no comment'}"


def silencing(silences: Iterable[Silence], labels: Mapping[str, str], now: datetime) -> Silence | None:
    """The silence that mutes these labels now, the one that lasts longest if there are several."""
    found = [each for each in silences if each.state(now) == "active" and each.matches(labels)]
    return max(found, key=lambda each: each.ends_at, default=None)
