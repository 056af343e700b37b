"""The events that the plan records, with what each means."""

EVENTS: dict[str, str] = {
    "PlanPublished": "a version of a response plan was published; the data holds its number, digest and what changed",
    "PlanActivated": "another plan took force: new incidents follow it, running ones keep theirs",
}
