"""What the ledger says of incidents, and how it reads in their timeline. The words are pure and never fail."""

from collections.abc import Callable

from muster.ledger.event_kind import Chapter, EventData, EventKind, TimelineForm, TimelineWords, declared, sentence


def _act(icon: str, words: str, weight: str = "strong") -> TimelineForm:
    return TimelineForm(Chapter.DECISIONS, icon, sentence(words), weight, by_actor=True, says_reason=True)


def _opened(data: EventData) -> TimelineWords:
    reporter, behalf = data.text("reporter"), data.text("on_behalf_of")
    what = f"Opened at severity {data.text('severity', 'unknown')}, category {data.text('category', 'unknown')}."
    if reporter:
        what = f"{reporter} reported it{f' on behalf of {behalf}' if behalf else ''}. {what}"
    titles = [alert.text("title") for alert in data.parts("alerts")]
    reasons = [reason.text("sentence") for reason in data.parts("reasons")]
    return TimelineWords(what, "; ".join(filter(None, titles)), reasons=tuple(filter(None, reasons)), person=reporter)


def _alert(words: str) -> Callable[[EventData], TimelineWords]:
    def written(data: EventData) -> TimelineWords:
        why = data.text("why")
        return TimelineWords(f"{data.text('title', 'An alert')} {words}.", reasons=(why,) if why else ())

    return written


def _fired_again(data: EventData) -> TimelineWords:
    what = f"{data.text('title', 'An alert')} fires {'again' if data.values.get('again') else 'too'}"
    if data.text("did") == "notice":
        return TimelineWords(f"{what}: {data.text('person', 'its owner')} was notified.")
    return TimelineWords(f"{what}: the incident is paged again.")


def _severity(data: EventData) -> TimelineWords:
    return TimelineWords(f"changed the severity from {data.text('from', 'unknown')} to {data.text('to', 'unknown')}.")


def _role(words: str) -> Callable[[EventData], TimelineWords]:
    def written(data: EventData) -> TimelineWords:
        person, role = data.text("person", "Somebody"), data.text("role", "a role").replace("_", " ")
        return TimelineWords(f"{person} {words} {data.text('title', role)}.", person=person)

    return written


def _hand_over(icon: str, words: str) -> TimelineForm:
    return TimelineForm(Chapter.DECISIONS, icon, _role(words), says_reason=True)


def _responder(words: str) -> TimelineForm:
    def written(data: EventData) -> TimelineWords:
        person = data.text("person", "Somebody")
        return TimelineWords(f"{person} {words}.", person=person)

    return TimelineForm(Chapter.DECISIONS, "user", written, says_reason=True)


def _note(data: EventData) -> TimelineWords:
    item = data.text("name")
    return TimelineWords(f"wrote a note{f' for the checklist: {item}' if item else ''}.", note=data.text("text"))


def _edited(data: EventData) -> TimelineWords:
    changed = data.values.get("changed")
    return TimelineWords(f"changed {', '.join(map(str, changed)) if isinstance(changed, dict) else 'something'}.")


INCIDENT_OPENED = EventKind(
    "IncidentOpened",
    "An incident began, from alerts or a person's report; the data hold every decision with its reasons.",
    TimelineForm(Chapter.DECISIONS, "incident", _opened, "strong", question="Why this severity, and why these people?"),
)
ALERT_JOINED = EventKind(
    "AlertJoined",
    "An alert joined an open incident.",
    TimelineForm(Chapter.ALERTS, "bell", _alert("joined"), question="Why does it belong here?"),
)
ALERT_FIRED_AGAIN = EventKind(
    "AlertFiredAgain",
    "An alert of the incident that had ended fires again.",
    TimelineForm(Chapter.ALERTS, "bell", _alert("fires again")),
)
FIRED_AGAIN = EventKind(
    "FiredAgain",
    "An alert fired in an incident that somebody has: it was paged again, or its owner was notified.",
    TimelineForm(Chapter.ALERTS, "bell", _fired_again, "strong"),
)
ALERT_ENDED = EventKind(
    "AlertEnded",
    "An alert of the incident is over.",
    TimelineForm(Chapter.ALERTS, "check", _alert("ended")),
)
ALL_ALERTS_ENDED = EventKind(
    "AllAlertsEnded",
    "No alert of the incident fires any more.",
    TimelineForm(Chapter.ALERTS, "check", sentence("No alert fires any more.")),
)
INCIDENT_ACKNOWLEDGED = EventKind("IncidentAcknowledged", "Somebody took the incident.", _act("check", "acknowledged."))
INCIDENT_MITIGATED = EventKind(
    "IncidentMitigated", "The impact is reduced.", _act("shield", "mitigated: the impact is reduced.")
)
INCIDENT_RESOLVED = EventKind(
    "IncidentResolved", "The disruption is over.", _act("check", "resolved: the disruption is over.")
)
INCIDENT_SELF_RESOLVED = EventKind(
    "IncidentSelfResolved",
    "Every alert ended before anybody acknowledged.",
    TimelineForm(Chapter.DECISIONS, "check", sentence("Resolved by itself."), "strong", says_reason=True),
)
INCIDENT_CLOSED = EventKind(
    "IncidentClosed", "The closure checks passed and the incident was closed.", _act("archive", "closed.")
)
INCIDENT_REOPENED = EventKind("IncidentReopened", "The incident is open again.", _act("undo", "reopened."))
INCIDENT_MERGED = EventKind(
    "IncidentMerged",
    "The incident was merged into another, which goes on for both.",
    TimelineForm(
        Chapter.DECISIONS,
        "merge",
        lambda data: TimelineWords(f"merged it into {data.text('into_ref', 'another incident')}."),
        "strong",
        by_actor=True,
        says_reason=True,
    ),
)
INCIDENT_ABSORBED = EventKind(
    "IncidentAbsorbed",
    "Another incident was merged into this one.",
    TimelineForm(
        Chapter.DECISIONS,
        "merge",
        lambda data: TimelineWords(f"merged {data.text('ref', 'another incident')} into this one.", data.text("title")),
        "strong",
        by_actor=True,
        says_reason=True,
    ),
)
FALSE_ALARM_DECLARED = EventKind(
    "FalseAlarmDeclared",
    "There was no disruption; the alerts count as false.",
    _act("refusal", "declared a false alarm."),
)
SEVERITY_CHANGED = EventKind(
    "SeverityChanged",
    "The severity changed, with the reason.",
    TimelineForm(Chapter.DECISIONS, "warning", _severity, "strong", by_actor=True, says_reason=True),
)
ROLE_ASSIGNED = EventKind(
    "RoleAssigned",
    "A person took a role.",
    TimelineForm(Chapter.DECISIONS, "user", _role("is"), says_reason=True),
)
ROLE_ENDED = EventKind(
    "RoleEnded",
    "A person gave a role up.",
    TimelineForm(Chapter.DECISIONS, "user", _role("is no longer"), says_reason=True),
)
HAND_OVER_ASKED = EventKind(
    "HandOverAsked",
    "Somebody was asked to take a role; until they accept it stays where it is.",
    _hand_over("user", "was asked to take over as"),
)
HAND_OVER_ACCEPTED = EventKind(
    "HandOverAccepted", "The person who was asked took the role.", _hand_over("user", "takes over as")
)
HAND_OVER_DECLINED = EventKind(
    "HandOverDeclined", "The person who was asked declined the role.", _hand_over("user", "declined to take over as")
)
HAND_OVER_TIMED_OUT = EventKind(
    "HandOverTimedOut",
    "The person who was asked to take a role did not answer in time; it stays where it was.",
    _hand_over("clock", "did not answer in time, so the role stays where it was:"),
)
HAND_OVER_WITHDRAWN = EventKind(
    "HandOverWithdrawn",
    "A hand-over was withdrawn before it was answered.",
    _hand_over("undo", "is no longer asked to take over as"),
)
RESPONDERS_ASKED = EventKind(
    "RespondersAsked",
    "More people were paged by hand.",
    TimelineForm(
        Chapter.PAGES,
        "user",
        lambda data: TimelineWords(f"asked more people to respond: {', '.join(data.texts('targets'))}."),
        by_actor=True,
        says_reason=True,
    ),
)
HELP_ASKED = EventKind(
    "HelpAsked",
    "Somebody asked for help.",
    TimelineForm(
        Chapter.PAGES,
        "bell",
        lambda data: TimelineWords(f"asked {data.text('target', 'the people of the next step')} for help."),
        by_actor=True,
        says_reason=True,
    ),
)
RESPONDER_JOINED = EventKind("ResponderJoined", "Somebody who was asked is coming.", _responder("is coming"))
RESPONDER_DECLINED = EventKind(
    "ResponderDeclined", "Somebody who was asked is not coming.", _responder("is not coming")
)
NOTE_ADDED = EventKind("NoteAdded", "Somebody wrote a note.", TimelineForm(Chapter.NOTES, "note", _note, by_actor=True))
LINK_ADDED = EventKind(
    "LinkAdded",
    "Somebody attached a link.",
    TimelineForm(
        Chapter.NOTES,
        "link",
        lambda data: TimelineWords(f"attached {data.text('label', 'a link')}.", data.text("url")),
        by_actor=True,
    ),
)
INCIDENT_EDITED = EventKind(
    "IncidentEdited",
    "Title, summary, workload or record fields changed.",
    TimelineForm(Chapter.NOTES, "note", _edited, by_actor=True),
)
NOBODY_TO_PAGE = EventKind(
    "NobodyToPage",
    "An alert began while no response plan was published: no incident opened, and nobody was paged. "
    "It stands in the stream of alerts, since there is no incident.",
)

EVENTS = declared(globals())
