"""What the ledger says of clocks."""

from muster.ledger.event_kind import Chapter, EventKind, TimelineForm, TimelineWords, declared

CLOCK_BREACHED = EventKind(
    "ClockBreached",
    "A deadline passed before what it demanded had happened.",
    TimelineForm(
        Chapter.DECISIONS,
        "clock",
        lambda data: TimelineWords(f"The time for “{data.text('label', 'a clock')}” has passed."),
        weight="breach",
        says_reason=True,
    ),
)

EVENTS = declared(globals())
