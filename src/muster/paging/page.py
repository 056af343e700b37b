"""A page as it runs: an escalation with its frozen steps, what was taken of them, and when the next is due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from muster.kit.link import Link
from muster.plan.steps import FrozenStep


class PageState(StrEnum):
    """Running until somebody takes the incident (stopped) or every step has run in vain (exhausted)."""

    RUNNING = "running"
    STOPPED = "stopped"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Page:
    """`step` counts the steps taken; `next_at` is when the next is due, or when the last one's wait ends."""

    id: UUID
    incident_id: UUID
    ref: str
    title: str
    summary: str
    severity: str
    policy: str
    steps: tuple[FrozenStep, ...]
    plan_version_id: UUID
    why: str
    next_step: str
    links: tuple[Link, ...]
    facts: dict[str, Any]
    roles: dict[str, str]
    state: PageState
    step: int
    started_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    ended_reason: str

    @property
    def stream(self) -> str:
        """The ledger stream of its incident."""
        return f"incident:{self.incident_id}"


@dataclass(frozen=True, slots=True)
class PageExhausted:
    """Every step of a page has run and nobody acknowledged."""

    page: Page
