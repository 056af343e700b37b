"""The timeline: a pure view of an incident's stream in the ledger, and the state that follows from it (R8, R9).

Both are total: an event that this version does not know is shown by its name and changes nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.incidents.telling import Telling, tell
from muster.ledger.entry import Entry

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KINDS = {"system": "Muster", "anonymous": "Somebody"}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: what happened, who did it, and why. `weight` is "", `strong` or `breach`; `note` is Markdown.

    `position` orders the whole ledger, `seq` this incident's stream; `via` tells through what the actor acted.
    """

    position: int
    seq: int
    at: datetime
    kind: str
    icon: str
    weight: str
    actor: str
    via: str
    what: str
    detail: str
    note: str
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        """A stable id for the page's element."""
        return f"e{self.seq}"


@dataclass(frozen=True, slots=True)
class Told:
    """Where an incident stands by its events alone; empty before it opened. `roles` are role → person."""

    state: str = ""
    severity: str = ""
    false_alarm: bool = False
    merged: bool = False
    roles: Mapping[str, str] = field(default_factory=dict)


def timeline(entries: Iterable[Entry]) -> list[TimelineEntry]:
    """The entries of a stream as lines, in the same order."""
    return [line(entry) for entry in entries]


def line(entry: Entry) -> TimelineEntry:
    """One entry as a line."""
    data, who = body_of(entry), entry.who
    told = tell(entry.kind, data) or Telling("info", _spoken(entry.kind))
    reason = (entry.reason,) if entry.reason else ()
    return TimelineEntry(
        position=entry.position,
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        icon=told.icon,
        weight=told.weight,
        actor=_KINDS.get(who.get("kind", ""), who.get("name", "")),
        via="the link in a message" if who.get("kind") == "link" else who.get("via", ""),
        what=told.what,
        detail=told.detail,
        note=told.note,
        reasons=(*reason, *told.reasons),
    )


def state_of(entries: Iterable[Entry]) -> Told:
    """Replay a stream in order: the same state, severity and roles as the incident's rows have."""
    state, severity, false_alarm, merged = "", "", False, False
    roles: dict[str, str] = {}
    for entry in entries:
        data = body_of(entry)
        if entry.kind == "IncidentOpened":
            state, severity = "triggered", _text(data, "severity")
        elif entry.kind == "SeverityChanged":
            severity = _text(data, "to")
        elif entry.kind == "RoleAssigned":
            roles[_text(data, "role")] = _text(data, "person")
        elif entry.kind == "RoleEnded":
            roles.pop(_text(data, "role"), None)
        elif entry.kind in MOVES:
            state = _text(data, "to")
            false_alarm = entry.kind == "FalseAlarmDeclared" or (false_alarm and entry.kind != "IncidentReopened")
            merged = merged or entry.kind == "IncidentMerged"
    return Told(state, severity, false_alarm, merged, roles)


MOVES = frozenset(
    {
        "IncidentAcknowledged",
        "IncidentMitigated",
        "IncidentResolved",
        "IncidentSelfResolved",
        "IncidentClosed",
        "IncidentReopened",
        "IncidentMerged",
        "FalseAlarmDeclared",
    }
)


def body_of(entry: Entry) -> dict[str, Any]:
    """What an event carries; nothing where it is not readable as that."""
    data = entry.data
    return data if isinstance(data, dict) else {}


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _spoken(kind: str) -> str:
    return f"{_WORDS.sub(' ', kind).capitalize()}."
