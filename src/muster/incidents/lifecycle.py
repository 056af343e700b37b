"""The one table of an incident's states: which transition leads from where to where (R6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.incidents.events import (
    FALSE_ALARM_DECLARED,
    INCIDENT_ACKNOWLEDGED,
    INCIDENT_CLOSED,
    INCIDENT_MERGED,
    INCIDENT_MITIGATED,
    INCIDENT_REOPENED,
    INCIDENT_RESOLVED,
    INCIDENT_SELF_RESOLVED,
)
from muster.incidents.incident import OPEN, State
from muster.ledger.event_kind import EventKind


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from some states `to` another one, the `event` that it writes, and what was done, as a participle.

    `first` says, by state, what must happen before.
    """

    sources: frozenset[State]
    to: State
    event: EventKind
    done: str
    first: Mapping[State, str] = field(default_factory=dict, compare=False)


ACKNOWLEDGE = Transition(frozenset({State.TRIGGERED}), State.ACKNOWLEDGED, INCIDENT_ACKNOWLEDGED, "acknowledged")
MITIGATE = Transition(
    frozenset({State.ACKNOWLEDGED}),
    State.MITIGATED,
    INCIDENT_MITIGATED,
    "mitigated",
    {State.TRIGGERED: "Acknowledge it first."},
)
RESOLVE = Transition(
    frozenset({State.MITIGATED}),
    State.RESOLVED,
    INCIDENT_RESOLVED,
    "resolved",
    {State.TRIGGERED: "Acknowledge and mitigate it first.", State.ACKNOWLEDGED: "Mitigate it first."},
)
SELF_RESOLVE = Transition(frozenset({State.TRIGGERED}), State.RESOLVED, INCIDENT_SELF_RESOLVED, "resolved")
"""Muster's own: every alert ended before anybody acknowledged."""
FALSE_ALARM = Transition(OPEN, State.RESOLVED, FALSE_ALARM_DECLARED, "declared a false alarm")
CLOSE = Transition(
    frozenset({State.RESOLVED}),
    State.CLOSED,
    INCIDENT_CLOSED,
    "closed",
    dict.fromkeys(OPEN, "Resolve it first."),
)
MERGE = Transition(OPEN, State.CLOSED, INCIDENT_MERGED, "merged")
REOPEN = Transition(
    frozenset({State.RESOLVED, State.CLOSED}),
    State.TRIGGERED,
    INCIDENT_REOPENED,
    "reopened",
    dict.fromkeys(OPEN, "It is still open."),
)
TRANSITIONS = (ACKNOWLEDGE, MITIGATE, RESOLVE, SELF_RESOLVE, FALSE_ALARM, CLOSE, MERGE, REOPEN)
MERGED = "It was merged into another incident: act on that one."


@dataclass(frozen=True, slots=True)
class Move:
    """What a transition does from a state: `to` is None where it is refused, `reason` then says why and what helps."""

    to: State | None
    reason: str = ""


def move(state: State, transition: Transition, *, merged: bool = False) -> Move:
    """Where a transition leads from `state`; total over all pairs. A `merged` incident is never moved again."""
    if merged:
        return Move(None, MERGED)
    if state in transition.sources:
        return Move(transition.to)
    if state is transition.to:
        return Move(None, f"It is already {state}.")
    first = transition.first.get(state, "Reopen it first." if state not in OPEN else "")
    return Move(None, f"It is {state}. {first}".strip())
