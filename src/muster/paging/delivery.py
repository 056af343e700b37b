"""One message to one person on one channel, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from muster.paging.channel import MessageKind, Receipt, SendOutcome
from muster.paging.page import Page
from muster.paging.targets import Address, Reachable


class DeliveryState(StrEnum):
    """Planned until its time has come; pending until a provider has it, or it cannot be delivered, or the reason for it
    went away."""

    PLANNED = "planned"
    PENDING = "pending"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Hold(StrEnum):
    """Why a delivery waits: its person's rule, their quiet hours, to be gathered, a limit, or that this Muster rehearses.

    The last is never stored: the same database may be served by the real Muster.
    """

    NONE = ""
    RULE = "rule"
    QUIET = "quiet"
    BUNDLE = "bundle"
    LIMIT = "limit"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`why` tells the reader why them; `reason` is what became of the last attempt, or why it is planned for `send_at`.

    `route` is the vendor that carries it (empty: the channel's first), `receipt_due_at` when its receipt is missed,
    `released_at` when it was let out to a channel that people read, `bundle_id` the message that it is part of.
    """

    id: UUID
    page_id: UUID | None
    incident_id: UUID | None
    step: int
    kind: MessageKind
    person_id: UUID
    person: str
    contact_id: UUID | None
    channel: str
    address: str
    why: str
    state: DeliveryState
    attempts: int
    reason: str
    provider_id: str
    failover_of: UUID | None
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    send_at: datetime | None = None
    hold: Hold = Hold.NONE
    route: str = ""
    receipt_due_at: datetime | None = None
    receipt_missed_at: datetime | None = None
    released_at: datetime | None = None
    bundle_id: UUID | None = None


def resting(delivery: Delivery, why: str) -> Delivery:
    """The delivery as it stands in a process from which nothing leaves, and `why`; itself where `why` is empty."""
    if not why or delivery.state is not DeliveryState.PENDING:
        return delivery
    return replace(delivery, hold=Hold.REHEARSAL, reason=f"This Muster rehearses and pages nobody. {why}")


def pending(
    id: UUID,
    kind: MessageKind,
    person: Reachable,
    address: Address,
    why: str,
    now: datetime,
    page: Page | None = None,
    step: int = 0,
) -> Delivery:
    """A delivery that is to be sent to a person at one of their addresses; without a page it is a test or a notice."""
    return Delivery(
        id=id,
        page_id=page.id if page else None,
        incident_id=page.incident_id if page else None,
        step=step,
        kind=kind,
        person_id=person.id,
        person=person.name,
        contact_id=address.contact_id,
        channel=address.channel,
        address=address.address,
        why=why,
        state=DeliveryState.PENDING,
        attempts=0,
        reason="",
        provider_id="",
        failover_of=None,
        created_at=now,
        sent_at=None,
        ended_at=None,
    )


PAUSES = (timedelta(seconds=1), timedelta(seconds=4))
"""Between the first attempts on one contact; then the next contact gets its turn."""

LAST_RESORT = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2))
"""Between further attempts where there is no other contact; the last one repeats."""

MOST_ATTEMPTS = 40
LONGEST_PATIENCE = timedelta(minutes=2)


class Next(StrEnum):
    """What follows an attempt."""

    DONE = "done"
    AGAIN = "again"
    FAIL_OVER = "fail_over"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class NextTry:
    """What follows, and after which pause. `pass_on`: that is so long that nobody waits for it; the plan goes on meanwhile."""

    next: Next
    pause: timedelta = timedelta(0)
    pass_on: bool = False


def judge(receipt: Receipt, attempt: int, *, others: bool) -> NextTry:
    """What follows attempt number `attempt` (from 1); `others` tells whether the person has another contact to try."""
    if receipt.outcome.sent:
        return NextTry(Next.DONE)
    if receipt.outcome is SendOutcome.REFUSED:
        return NextTry(Next.FAIL_OVER if others else Next.GIVE_UP)
    if receipt.held_back and others:
        return NextTry(Next.FAIL_OVER)
    asked = receipt.retry_after or timedelta(0)
    patience_ends = asked > LONGEST_PATIENCE
    if attempt <= len(PAUSES) and not (others and patience_ends):
        return NextTry(Next.AGAIN, max(PAUSES[attempt - 1], asked), patience_ends)
    if others:
        return NextTry(Next.FAIL_OVER)
    if attempt >= MOST_ATTEMPTS:
        return NextTry(Next.GIVE_UP)
    pause = max(LAST_RESORT[min(attempt - len(PAUSES), len(LAST_RESORT)) - 1], asked)
    return NextTry(Next.AGAIN, pause, patience_ends)
