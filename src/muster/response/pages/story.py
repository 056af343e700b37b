"""The timeline of an incident's page: a chapter of it, a hundred entries at a time, newest first."""

from dataclasses import fields
from typing import Any

from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.forms import address
from muster.incidents.incident import Incident
from muster.incidents.timeline import TimelineEntry, line
from muster.ledger import store as ledger
from muster.response.chapters import CHAPTERS, EVERYTHING, counted, kinds_of
from muster.response.pages.rows import url_of

PAGE = 100
_QUESTIONS = {
    "IncidentOpened": "Why this severity, and why these people?",
    "PageStarted": "Who is meant, and why?",
    "PageEscalated": "Why now, and who is meant?",
    "AlertJoined": "Why does it belong here?",
}
_SAID = frozenset(CHAPTERS["Decisions"]) | {"MessageSent", "MessageFailed", "PageStopped"}
"""Kinds whose reason is what somebody said or what came of it: shown at once, not on asking."""
_DEEDS = frozenset(
    {
        "IncidentAcknowledged", "IncidentMitigated", "IncidentResolved", "IncidentClosed", "IncidentReopened",
        "FalseAlarmDeclared", "IncidentEdited", "LinkAdded", "CheckAttested", "AttestationWithdrawn",
    }
)  # fmt: skip
"""Kinds whose sentence is what somebody did: it follows their name."""


async def story(unit: Unit, incident: Incident, chapter: str, after: str) -> dict[str, Any]:
    """What the template needs of the timeline."""
    chapter = chapter if chapter in CHAPTERS else EVERYTHING
    cursor = decode(after or None, int)
    chosen = ledger.Filter(stream=incident.stream, kinds=kinds_of(chapter))
    found = await ledger.newest(unit.conn, chosen, PAGE + 1, cursor[0] if cursor else None)
    kept, following = page_of(found, PAGE, lambda entry: (entry.position,))
    counts = counted(await ledger.kinds_of(unit.conn, incident.stream))
    here = url_of(incident)
    query = {"show": chapter if chapter != EVERYTHING else ""}
    return {
        "chips": [
            {"label": name, "url": address(here, {"show": name if name != EVERYTHING else ""}), "count": counts[name]}
            for name in (EVERYTHING, *CHAPTERS)
        ],
        "chip": chapter,
        "entries": [_shown(line(entry)) for entry in kept],
        "total": counts[chapter],
        "newer": address(here, query) if cursor else "",
        "older": address(here, {**query, "after": following}) if following else "",
    }


def _shown(entry: TimelineEntry) -> dict[str, Any]:
    shown: dict[str, Any] = {each.name: getattr(entry, each.name) for each in fields(entry)}
    reasons, detail = [*entry.reasons], entry.detail
    # With an opening, the reasons are the engine's; elsewhere the first one is what the person said.
    if entry.kind in _SAID and entry.kind != "IncidentOpened" and reasons:
        detail = " ".join(filter(None, (detail, reasons.pop(0))))
    actor, what = _told_of(entry)
    if entry.actor not in ("Muster", "Somebody") and not actor and not what.startswith(entry.actor):
        detail = f"{detail} By {entry.actor}.".strip()
    return {
        **shown,
        "id": entry.id,
        "actor": actor,
        "what": what,
        "detail": detail,
        "reasons": reasons,
        "question": _QUESTIONS.get(entry.kind, "Why?"),
    }


def _told_of(entry: TimelineEntry) -> tuple[str, str]:
    """Who and what: a person's deed begins with the person, all else is told as what happened."""
    if entry.kind == "NoteAdded":
        return entry.actor, "wrote a note" + entry.what.removeprefix("Note")
    if entry.kind in _DEEDS and entry.actor != "Muster":
        return entry.actor, entry.what[:1].lower() + entry.what[1:]
    return "", entry.what
