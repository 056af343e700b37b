"""The events that the catalogue records, with what each means."""

from muster.ledger.event_kind import EventKind, declared

WORKLOAD_CREATED = EventKind("WorkloadCreated", "A workload was added to the catalogue; the data hold its whole entry.")
WORKLOAD_CHANGED = EventKind(
    "WorkloadChanged", "A workload's entry was changed; the data hold before and after of each field."
)
WORKLOAD_REVIEWED = EventKind("WorkloadReviewed", "Somebody confirmed that a workload's entry still holds.")
WORKLOAD_DELETED = EventKind(
    "WorkloadDeleted", "A workload was removed from the catalogue; the data hold its last entry.", sensitive=True
)

EVENTS = declared(globals())
