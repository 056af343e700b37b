"""The one table of an incident's states: which verb leads from where to where (R6)."""

from dataclasses import dataclass
from enum import StrEnum

from muster.incidents.incident import OPEN, State


class Verb(StrEnum):
    """What moves an incident. `SELF_RESOLVE` is Muster's own: every alert ended before anybody acknowledged."""

    ACKNOWLEDGE = "acknowledge"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    SELF_RESOLVE = "self_resolve"
    FALSE_ALARM = "false_alarm"
    CLOSE = "close"
    MERGE = "merge"
    REOPEN = "reopen"


TABLE: dict[Verb, tuple[frozenset[State], State]] = {
    Verb.ACKNOWLEDGE: (frozenset({State.TRIGGERED}), State.ACKNOWLEDGED),
    Verb.MITIGATE: (frozenset({State.ACKNOWLEDGED}), State.MITIGATED),
    Verb.RESOLVE: (frozenset({State.MITIGATED}), State.RESOLVED),
    Verb.SELF_RESOLVE: (frozenset({State.TRIGGERED}), State.RESOLVED),
    Verb.FALSE_ALARM: (OPEN, State.RESOLVED),
    Verb.CLOSE: (frozenset({State.RESOLVED}), State.CLOSED),
    Verb.MERGE: (OPEN, State.CLOSED),
    Verb.REOPEN: (frozenset({State.RESOLVED, State.CLOSED}), State.TRIGGERED),
}

_FIRST = {
    Verb.MITIGATE: {State.TRIGGERED: "Acknowledge it first."},
    Verb.RESOLVE: {State.TRIGGERED: "Acknowledge and mitigate it first.", State.ACKNOWLEDGED: "Mitigate it first."},
    Verb.CLOSE: dict.fromkeys(OPEN, "Resolve it first."),
    Verb.REOPEN: dict.fromkeys(OPEN, "It is still open."),
}


@dataclass(frozen=True, slots=True)
class Move:
    """What a verb does from a state: `to` is None where it is refused, `reason` then says why and what helps."""

    to: State | None
    reason: str = ""


def move(state: State, verb: Verb, *, merged: bool = False) -> Move:
    """Where `verb` leads from `state`; total over all pairs. A `merged` incident is never moved again."""
    if merged:
        return Move(None, "It was merged into another incident: act on that one.")
    allowed, to = TABLE[verb]
    if state in allowed:
        return Move(to)
    if state is to:
        return Move(None, f"It is already {state}.")
    helps = _FIRST.get(verb, {}).get(state, "Reopen it first." if state not in OPEN else "")
    return Move(None, f"It is {state}. {helps}".strip())
