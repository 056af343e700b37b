"""A hand-over: a role that somebody is asked to take over, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class HandOverState(StrEnum):
    """Asked until whoever is asked answers, the asker withdraws, or the time is up; then the role stays where it was."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True)
class HandOver:
    """`from_person` is None where nobody had the role; `page_id` is the page by which `to_person` is asked. Names."""

    id: UUID
    incident_id: UUID
    role: str
    from_person: str | None
    to_person: str
    asked_by: str
    note: str
    page_id: UUID
    asked_at: datetime
    due_at: datetime
    state: HandOverState
    ended_at: datetime | None
    ended_reason: str
