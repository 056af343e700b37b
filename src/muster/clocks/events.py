"""What the ledger says of clocks."""

from muster.ledger.event_kind import EventKind, declared

CLOCK_BREACHED = EventKind("ClockBreached", "A deadline passed before what it demanded had happened.")

EVENTS = declared(globals())
