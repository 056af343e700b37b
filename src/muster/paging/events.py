"""What the ledger says of paging, in the stream of the incident (or of the person, for tests)."""

EVENTS: dict[str, str] = {
    "PageStarted": "An escalation began; its steps are frozen as they stand in the data.",
    "PageEscalated": "A step was taken: whom it meant and why, or why nobody.",
    "PageStopped": "The escalation ended because somebody took the incident or it is over.",
    "PageExhausted": "Every step has run and nobody has acknowledged.",
    "MessageSent": "A provider took a message, or it was delivered.",
    "MessageFailed": "A message could not be delivered; the reason says why, and what was done instead.",
    "TestRequested": "Somebody asked for a test page through a contact.",
}
