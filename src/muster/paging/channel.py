"""The channel port: what paging hands to e-mail, webhook, ntfy, Slack and the rest, and what it gets back (R72, R77).

Adapters live in `channels`. A channel explains every outcome in a sentence, because "who was paged, when,
how, and why not?" is answered from exactly these reasons.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from muster.kit.errors import Fault
from muster.kit.link import Link

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class MessageKind(StrEnum):
    """Why a message is sent."""

    PAGE = "page"
    TEST = "test"
    NOTICE = "notice"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person on one channel; everything in it was decided before it was queued.

    `body` is plain text: paragraphs between empty lines; the first line of a paragraph of several is its heading. `happening`
    and `deadline` (by when to acknowledge) are what small screens and calls say of it, each on one line; empty where not known.
    Links are not in the body, each channel shows them its own way: `acknowledge_url` acknowledges for its bearer by
    POST, `url` is the incident's page, `links` are guides. `context` holds JSON facts for programs. `route` names which of
    the channel's vendors is to carry it; empty means the first. A `drill` is told as one: its subject begins with the word.
    """

    delivery_id: UUID
    idempotency_key: str
    kind: MessageKind
    severity: str
    incident_ref: str
    title: str
    subject: str
    body: str
    url: str
    created_at: datetime
    acknowledge_url: str | None = None
    links: tuple[Link, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    route: str = ""
    happening: str = ""
    deadline: str = ""
    drill: bool = False

    @property
    def key(self) -> str:
        """The idempotency key in letters, digits, `_` and `-`, which every provider accepts."""
        return _UNSAFE.sub("-", self.idempotency_key)[:64] or str(self.delivery_id)


class SendOutcome(StrEnum):
    """What became of one attempt to send."""

    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    RETRY = "retry"
    REFUSED = "refused"

    @property
    def sent(self) -> bool:
        """Whether the message left."""
        return self in (SendOutcome.HANDED_OVER, SendOutcome.DELIVERED)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of an attempt. HANDED_OVER: a provider has it; DELIVERED: it is where it belongs; RETRY: trying the
    same again may work, not before `retry_after` if that is set; REFUSED: it will not, so use the next contact.

    `reason` is a sentence for people and holds no secret; `provider_id` is the provider's name for the message. `unanswered`:
    the provider kept silent until the patience with it ended. `held_back`: it was not even tried, because its provider has
    been silent for others. `came_back`: it was read back from where it was sent to.
    """

    outcome: SendOutcome
    reason: str
    provider_id: str = ""
    retry_after: timedelta | None = None
    unanswered: bool = False
    held_back: bool = False
    came_back: bool = False


def handed_over(reason: str, provider_id: str = "") -> Receipt:
    """A provider has taken the message."""
    return Receipt(SendOutcome.HANDED_OVER, reason, provider_id)


def retry(reason: str, after: timedelta | None = None, *, unanswered: bool = False) -> Receipt:
    """It did not work this time."""
    return Receipt(SendOutcome.RETRY, reason, retry_after=after, unanswered=unanswered)


def refused(reason: str) -> Receipt:
    """It will not work."""
    return Receipt(SendOutcome.REFUSED, reason)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do, so that nobody relies on more.

    `receipts`: it learns of delivery beyond the hand-over. `two_way`: an answer can come back. `max_length`: characters
    of body it shows. `recognises_repeats`: a message sent twice with one key is shown once. `usable`: it is set up, so that
    turning to it may help. `routes`: the vendors that can carry it, the preferred first. `receipt_within`: how long its
    receipts take; where none comes, the next vendor or contact is tried. `read_by_people`: storms are gathered into one
    readable message here; programs get every page.
    """

    receipts: bool = False
    two_way: bool = False
    max_length: int | None = None
    recognises_repeats: bool = False
    usable: bool = True
    routes: tuple[str, ...] = ()
    receipt_within: timedelta | None = None
    read_by_people: bool = True


@dataclass(frozen=True, slots=True)
class ContactForm:
    """How people enter a contact of a channel: labels and an example; an empty `secret` means that it has none."""

    label: str
    address: str
    example: str
    secret: str = ""


class Channel(Protocol):
    """A way to reach somebody."""

    @property
    def kind(self) -> str:
        """The channel's name in contacts, such as `email`."""
        ...

    @property
    def form(self) -> ContactForm:
        """How a contact of this kind is entered."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def check_address(self, address: str) -> Fault | None:
        """What is wrong with the form of an address; no look-up is made."""
        ...

    def check_secret(self, secret: str) -> Fault | None:
        """What is wrong with the form of a contact's secret; an empty one means that it has none."""
        ...

    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Send a message; never raises. `secret` is the contact's own, already decrypted."""
        ...
