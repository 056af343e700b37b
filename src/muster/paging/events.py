"""What the ledger says of paging, in the stream of the incident (or of the person, for tests)."""

EVENTS: dict[str, str] = {
    "PageStarted": "An escalation began; its steps are frozen as they stand in the data.",
    "PageEscalated": "A step was taken: whom it meant and why, or why nobody.",
    "PageStopped": "The escalation ended because somebody took the incident or it is over.",
    "PageExhausted": "Every step has run and nobody has acknowledged.",
    "MessageSent": "A provider took a message, or it was delivered.",
    "MessageDelivered": "A provider reported that a message arrived.",
    "MessageDeferred": "A message waits: gathered with others, or for a limit; the data says until when.",
    "ReceiptMissed": "A provider took a message and did not report in time that it arrived; the next way was tried.",
    "MessageFailed": "A message could not be delivered; the reason says why, and what was done instead.",
    "ProofAsked": "Muster asked somebody to prove a contact anew, by a test that they are to answer.",
    "PathBroken": "Synthetic pages through a channel do not come back: those who watch over paging are told by another one.",
    "PathMended": "Synthetic pages through a channel come back again.",
    "MachineTroubled": "Something is wrong with the machine that a node runs on; those who watch over paging are told.",
    "MachineMended": "What was wrong with a node's machine is over.",
    "ChainBroken": "A policy of the plan would wake nobody, or nobody for certain, at some moment of the next 90 days.",
    "ChainMended": "What was wrong with a policy is put right.",
    "TestRequested": "Somebody asked for a test page through a contact.",
    "PagingRepaired": "The self-audit found something that nothing would have driven, and set it going again.",
}
