"""What paging tells higher features, inside the transaction: somebody answered a page, a contact proved to work."""

from dataclasses import dataclass, field
from uuid import UUID

from muster.paging.answer import Verb
from muster.paging.delivery import Delivery


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """The person of a delivery answered it. Whoever owns incidents does what was asked, as that person, and appends to
    `said_back` the sentence that the person is to read, also for a refusal."""

    delivery: Delivery
    verb: Verb
    channel: str
    said_back: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ContactUsed:
    """A person gave a sign of life through a contact of theirs: a message sent to it was answered or its link tapped."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class AlertsCounted:
    """A message is to say how many alerts stand behind incidents: whoever knows adds to `counts`, by incident."""

    incident_ids: tuple[UUID, ...]
    counts: dict[UUID, int] = field(default_factory=dict)
