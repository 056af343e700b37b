"""What the ledger says of the response, in the stream of the incident."""

from muster.ledger.event_kind import EventKind, declared

CHECK_ATTESTED = EventKind(
    "CheckAttested", "Somebody of the authority that the plan asks for declared an item of the closure checklist."
)
ATTESTATION_WITHDRAWN = EventKind(
    "AttestationWithdrawn", "An attestation counts no more: taken back, or the incident was reopened.", sensitive=True
)

EVENTS = declared(globals())
