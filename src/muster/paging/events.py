"""What the ledger says of paging, in the stream of the incident (or of the person, for tests)."""

from muster.ledger.event_kind import EventKind, declared

PAGE_STARTED = EventKind("PageStarted", "An escalation began; its steps are frozen as they stand in the data.")
PAGE_ESCALATED = EventKind("PageEscalated", "A step was taken: whom it meant and why, or why nobody.")
PAGE_STOPPED = EventKind("PageStopped", "The escalation ended because somebody took the incident or it is over.")
PAGE_EXHAUSTED = EventKind("PageExhausted", "Every step has run and nobody has acknowledged.")
MESSAGE_SENT = EventKind("MessageSent", "A provider took a message, or it was delivered.")
MESSAGE_DELIVERED = EventKind("MessageDelivered", "A provider reported that a message arrived.")
MESSAGE_DEFERRED = EventKind(
    "MessageDeferred", "A message waits: gathered with others, or for a limit; the data says until when."
)
RECEIPT_MISSED = EventKind(
    "ReceiptMissed", "A provider took a message and did not report in time that it arrived; the next way was tried."
)
MESSAGE_FAILED = EventKind(
    "MessageFailed", "A message could not be delivered; the reason says why, and what was done instead."
)
PROOF_ASKED = EventKind(
    "ProofAsked", "Muster asked somebody to prove a contact anew, by a test that they are to answer."
)
PATH_BROKEN = EventKind(
    "PathBroken",
    "Synthetic pages through a channel do not come back: those who watch over paging are told by another one.",
)
PATH_MENDED = EventKind("PathMended", "Synthetic pages through a channel come back again.")
MACHINE_TROUBLED = EventKind(
    "MachineTroubled", "Something is wrong with the machine that a node runs on; those who watch over paging are told."
)
MACHINE_MENDED = EventKind("MachineMended", "What was wrong with a node's machine is over.")
CHAIN_BROKEN = EventKind(
    "ChainBroken", "A policy of the plan would wake nobody, or nobody for certain, at some moment of the next 90 days."
)
CHAIN_MENDED = EventKind("ChainMended", "What was wrong with a policy is put right.")
TEST_REQUESTED = EventKind("TestRequested", "Somebody asked for a test page through a contact.")
PAGING_REPAIRED = EventKind(
    "PagingRepaired", "The self-audit found something that nothing would have driven, and set it going again."
)

EVENTS = declared(globals())
