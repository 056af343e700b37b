"""What became of the pages of an incident: steps that were taken, messages with their attempts, answers. Loaded once, read by
page, API, command line and explanation alike. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from muster.paging.delivery import Delivery
from muster.paging.page import ASKED, Page, PageState
from muster.paging.targets import TargetPeople


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step as it was taken: whom it meant then and why, or why it was skipped."""

    number: int
    at: datetime
    why: str
    skipped: str
    targets: tuple[TargetPeople, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to send a message, with what the provider said."""

    number: int
    at: datetime
    outcome: str
    reason: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody's answer to a page; `coming` is false where they declined."""

    page_id: UUID
    person: str
    at: datetime
    coming: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Woken:
    """Somebody whom a page woke, since when, and when last."""

    page_id: UUID
    person: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PageHistory:
    """One page with the steps that it took, its messages in the order in which they were made, and who answered."""

    page: Page
    steps: Sequence[StepTaken] = ()
    deliveries: Sequence[Delivery] = ()
    answers: Sequence[Answered] = ()
    attempts: Mapping[UUID, Sequence[Attempt]] = field(default_factory=dict)

    @property
    def woken(self) -> list[Woken]:
        """Whom it has woken, in the order in which they were first."""
        times: dict[str, list[datetime]] = {}
        for delivery in self.deliveries:
            times.setdefault(delivery.person, []).append(delivery.created_at)
        found = [Woken(self.page.id, person, min(instants), max(instants)) for person, instants in times.items()]
        return sorted(found, key=lambda woken: (woken.first_at, woken.person))

    def asks(self, person: str) -> bool:
        """Whether somebody asks this person for something by it, and waits."""
        waits = self.page.state is PageState.RUNNING and self.page.purpose in ASKED
        return waits and any(delivery.person == person for delivery in self.deliveries)
