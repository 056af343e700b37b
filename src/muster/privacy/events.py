"""What the ledger says of personal data."""

from muster.ledger.event_kind import EventKind, declared

PERSON_ERASED = EventKind(
    "PersonErased",
    "A person who had left was replaced by a pseudonym; the data say in how many rows and entries.",
    sensitive=True,
)
PERSON_DATA_EXPORTED = EventKind(
    "PersonDataExported", "Somebody was given what Muster holds of a person; the data say how much."
)

EVENTS = declared(globals())
