"""What the ledger says of the response, in the stream of the incident."""

from collections.abc import Callable

from muster.ledger.event_kind import Chapter, EventData, EventKind, TimelineForm, TimelineWords, declared


def _item(verb: str) -> Callable[[EventData], TimelineWords]:
    return lambda data: TimelineWords(f"{verb} {data.text('name', 'an item')}.", data.text("about"), data.text("note"))


CHECK_ATTESTED = EventKind(
    "CheckAttested",
    "Somebody whom the plan allows to attested an item of the closure checklist.",
    TimelineForm(Chapter.DECISIONS, "check", _item("attested"), by_actor=True, says_reason=True),
)
ATTESTATION_WITHDRAWN = EventKind(
    "AttestationWithdrawn",
    "An attestation no longer counts: it was withdrawn, or the incident was reopened.",
    TimelineForm(Chapter.DECISIONS, "undo", _item("withdrew the attestation of"), by_actor=True, says_reason=True),
    sensitive=True,
)

EVENTS = declared(globals())
