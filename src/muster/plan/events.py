"""The events that the plan records, with what each means."""

from muster.ledger.event_kind import EventKind, declared

PLAN_PUBLISHED = EventKind(
    "PlanPublished",
    "A version of a response plan was published; the data hold its number, digest and what changed.",
    sensitive=True,
)
PLAN_ACTIVATED = EventKind(
    "PlanActivated", "Another plan took force: new incidents follow it, running ones keep theirs.", sensitive=True
)

EVENTS = declared(globals())
