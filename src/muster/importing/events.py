"""What the ledger says of moving here from another tool."""

from muster.ledger.event_kind import EventKind, declared

IMPORT_APPLIED = EventKind(
    "ImportApplied",
    "Another tool's export was brought in; the data say how many of its objects mapped, and what that changed.",
)

EVENTS = declared(globals())
