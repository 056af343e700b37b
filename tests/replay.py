"""Folds an incident's stream into the state that its events alone tell: an oracle for the rows, and for the lifecycle (R8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.incidents.timeline import body_of
from muster.ledger.entry import Entry

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


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where an incident stands by its events alone; empty before it opened. `roles` are role → person."""

    state: str = ""
    severity: str = ""
    false_alarm: bool = False
    merged: bool = False
    roles: Mapping[str, str] = field(default_factory=dict)


def replay(entries: Iterable[Entry]) -> Replayed:
    """Replay a stream in order: the same state, severity and roles as the incident's rows have. It is total."""
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
    return Replayed(state, severity, false_alarm, merged, roles)


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""
