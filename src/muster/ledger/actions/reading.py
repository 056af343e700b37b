"""Who reads the ledger in a unit of work."""

from muster.base.unit import Unit
from muster.ledger.event_kind import EventKind, by_name
from muster.ledger.sight import Reader


def reader_of(unit: Unit) -> Reader:
    """The actor as a reader; needs no permission of its own."""
    return Reader(unit.principal, by_name(unit.ports.of(EventKind)))
