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


class Purpose(StrEnum):
    """What a page wakes people for: somebody must take the incident, or somebody who has it asks these to take it over, to
    respond too, or to help."""

    INCIDENT = "incident"
    HAND_OVER = "hand_over"
    RESPONDERS = "responders"
    HELP = "help"


ASKED = frozenset({Purpose.HAND_OVER, Purpose.RESPONDERS, Purpose.HELP})
"""Pages by which people ask people; acknowledging the incident does not answer them."""


@dataclass(frozen=True, slots=True)
class Page:
    """`step` counts the steps taken; `next_at` is when the next is due, or when the last one's wait ends. `asked_by` names who
    asks, where people ask people. In a `drill` nothing is wrong: whatever people see of it says so."""

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
    purpose: Purpose = Purpose.INCIDENT
    asked_by: str = ""
    drill: bool = False

    @property
    def stream(self) -> str:
        """The ledger stream of its incident."""
        return f"incident:{self.incident_id}"


@dataclass(frozen=True, slots=True)
class PageExhausted:
    """Every step of a page has run and nobody acknowledged."""

    page: Page
