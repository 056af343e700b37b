"""Chapters of a timeline: which kinds of events somebody sees who filters it. Pure."""

from collections.abc import Mapping

EVERYTHING = "Everything"
CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "Decisions": (
        "IncidentOpened", "IncidentAcknowledged", "IncidentMitigated", "IncidentResolved", "IncidentSelfResolved",
        "IncidentClosed", "IncidentReopened", "IncidentMerged", "IncidentAbsorbed", "FalseAlarmDeclared", "SeverityChanged",
        "RoleAssigned", "RoleEnded", "CheckAttested", "AttestationWithdrawn", "ClockBreached",
        "HandOverAsked", "HandOverAccepted", "HandOverDeclined", "HandOverTimedOut", "HandOverWithdrawn",
        "ResponderJoined", "ResponderDeclined",
    ),
    "Notes": ("NoteAdded", "LinkAdded", "IncidentEdited"),
    "Alerts": ("AlertJoined", "AlertEnded", "AllAlertsEnded", "AlertFiredAgain", "FiredAgain"),
    "Pages": (
        "PageStarted", "PageEscalated", "PageStopped", "PageExhausted", "MessageSent", "MessageFailed",
        "MessageDeferred", "MessageDelivered", "ReceiptMissed", "PagingRepaired", "HelpAsked", "RespondersAsked",
    ),
}  # fmt: skip


def kinds_of(chapter: str) -> tuple[str, ...]:
    """The kinds of a chapter; none, which means all, for everything and for a name that is none."""
    return CHAPTERS.get(chapter, ())


def counted(kinds: Mapping[str, int]) -> dict[str, int]:
    """How many events each chapter has, from the count of each kind."""
    by_chapter = {name: sum(kinds.get(kind, 0) for kind in own) for name, own in CHAPTERS.items()}
    return {EVERYTHING: sum(kinds.values()), **by_chapter}
