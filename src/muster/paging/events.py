"""What the ledger says of paging, in the stream of the incident (or of the person, for tests), and how it reads in a timeline."""

from collections.abc import Callable

from muster.ledger.event_kind import Chapter, EventData, EventKind, TimelineForm, TimelineWords, declared, sentence


def _page(words: str) -> Callable[[EventData], TimelineWords]:
    def written(data: EventData) -> TimelineWords:
        people: list[str] = []
        reasons: list[str] = []
        for step in data.parts("taken"):
            for target in step.parts("targets"):
                people += target.texts("people")
                reasons += [f"{target.text('target')}: {target.text('reason')}", *target.texts("unreached")]
            if skipped := step.text("skipped"):
                reasons.append(f"Step {step.text('step')} was skipped: {skipped}")
        what = words.format(people=", ".join(dict.fromkeys(people)) or "nobody", policy=data.text("policy", "a policy"))
        return TimelineWords(what, reasons=tuple(reasons), weight=None if people else "breach")

    return written


def _message(words: str) -> Callable[[EventData], TimelineWords]:
    def written(data: EventData) -> TimelineWords:
        person, channel = data.text("person", "Somebody"), data.text("channel")
        return TimelineWords(f"{person} {words}{f' by {channel}' if channel else ''}.", person=person)

    return written


def _receipt_missed(data: EventData) -> TimelineWords:
    what = f"{data.text('channel', 'A channel')} did not confirm in time that a message reached {data.text('person', 'somebody')}"
    return TimelineWords(f"{what}; the next contact is tried.")


def _failed(data: EventData) -> TimelineWords:
    person, channel = data.text("person", "Somebody"), data.text("channel", "a channel")
    match data.text("then"):
        case "again":
            what = f"{person} could not be reached by {channel}; it is tried again."
            return TimelineWords(what, person=person, icon="clock", weight="")
        case "fail_over":
            what = f"{person} could not be reached by {channel}; the next contact is tried."
            return TimelineWords(what, person=person, weight="")
        case _:
            return TimelineWords(f"{person} could not be reached by {channel}.", person=person)


PAGE_STARTED = EventKind(
    "PageStarted",
    "An escalation began; the data hold its steps as they are frozen.",
    TimelineForm(Chapter.PAGES, "bell", _page("Paging {people} by {policy}."), question="Who is meant, and why?"),
)
PAGE_ESCALATED = EventKind(
    "PageEscalated",
    "A step was taken: the data say whom it meant and why, or why nobody.",
    TimelineForm(
        Chapter.PAGES,
        "bell",
        _page("Next step of {policy}: paging {people}."),
        question="Why now, and who is meant?",
    ),
)
PAGE_STOPPED = EventKind(
    "PageStopped",
    "The escalation ended because somebody took the incident or it is over.",
    TimelineForm(
        Chapter.PAGES,
        "bell",
        lambda data: TimelineWords(f"Paging by {data.text('policy', 'a policy')} stopped."),
        says_reason=True,
    ),
)
PAGE_EXHAUSTED = EventKind(
    "PageExhausted",
    "Every step has run and nobody has acknowledged.",
    TimelineForm(
        Chapter.PAGES, "warning", sentence("Every step has run and nobody has acknowledged."), weight="breach"
    ),
)
MESSAGE_SENT = EventKind(
    "MessageSent",
    "A provider took a message, or it was delivered.",
    TimelineForm(Chapter.PAGES, "message", _message("was sent a message"), says_reason=True),
)
MESSAGE_DELIVERED = EventKind(
    "MessageDelivered",
    "A provider reported that a message arrived.",
    TimelineForm(Chapter.PAGES, "check", _message("got a message")),
)
MESSAGE_DEFERRED = EventKind(
    "MessageDeferred",
    "A message waits: gathered with others, or for a limit; the data say until when.",
    TimelineForm(Chapter.PAGES, "clock", _message("gets a message later")),
)
RECEIPT_MISSED = EventKind(
    "ReceiptMissed",
    "A provider took a message and did not report in time that it arrived; the next contact was tried.",
    TimelineForm(Chapter.PAGES, "warning", _receipt_missed),
)
MESSAGE_FAILED = EventKind(
    "MessageFailed",
    "A message could not be delivered; the reason says why, and what was done instead.",
    TimelineForm(Chapter.PAGES, "warning", _failed, weight="breach", says_reason=True),
)
PROOF_ASKED = EventKind(
    "ProofAsked", "Muster asked somebody to prove a contact again, by a test page that they answer."
)
PATH_BROKEN = EventKind(
    "PathBroken",
    "Test pages through a channel do not come back; those who watch over paging are notified through another one.",
)
PATH_MENDED = EventKind("PathMended", "Test pages through a channel come back again.")
MACHINE_TROUBLED = EventKind(
    "MachineTroubled",
    "Something is wrong with the machine that a node runs on; those who watch over paging are notified.",
)
MACHINE_MENDED = EventKind("MachineMended", "What was wrong with a node's machine is over.")
CHAIN_BROKEN = EventKind(
    "ChainBroken", "A policy of the plan would wake nobody, or nobody for certain, at some moment of the next 90 days."
)
CHAIN_MENDED = EventKind("ChainMended", "What was wrong with a policy is put right.")
TEST_REQUESTED = EventKind("TestRequested", "Somebody asked for a test page through a contact.")
PAGING_REPAIRED = EventKind(
    "PagingRepaired",
    "The self-audit found a page that nothing would have driven on, and set it going again.",
    TimelineForm(
        Chapter.PAGES, "warning", sentence("The self-audit repaired the paging of this incident."), weight="strong"
    ),
)

EVENTS = declared(globals())
