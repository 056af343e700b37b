"""The engine: what the plan requires of an incident now, who may do what, by when, and what is in the way.

A decision is a fold over rules, each pure and each contributed by the feature that owns it. Total and deterministic: the same
answer for page, API, command line and gate.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from muster.incidents.action import IncidentAction
from muster.incidents.facts import Facts
from muster.plan.action import decided_in_order
from muster.plan.model.plan import Plan
from muster.plan.permit import may
from muster.plan.refusal import sentence


class ObligationState(StrEnum):
    """Open: to be done now. Blocked: something else comes first. Met: done."""

    OPEN = "open"
    BLOCKED = "blocked"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How an obligation is met: `verb` below the incident's address, and the body's fields that are known already."""

    verb: str
    label: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that the plan requires. `who` is a sentence, `mine` whether the asker may, `why` the plan's place."""

    id: str
    title: str
    who: str
    mine: bool
    state: ObligationState
    why: str
    due: datetime | None = None
    started: datetime | None = None
    blocked_by: tuple[str, ...] = ()
    met_by: str = ""
    met_at: datetime | None = None
    action: Fulfilment | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether the asker may do something now; `reasons` say why not, state and authority alike."""

    verb: str
    allowed: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a rule holds against an action now. Rules only ever add refusals: none can allow what authority denies."""

    action: IncidentAction
    reasons: tuple[str, ...]


class Effect:
    """What Muster itself must do now, such as starting a clock. `EffectHandler` carries it out, once for each incident and
    identity. It may depend on the incident and the instant, but not on the asker."""

    @property
    def identity(self) -> str:
        """What tells it from other effects of its kind in the same incident."""
        return ""


@dataclass(frozen=True, slots=True)
class Decision:
    """All that follows from plan and facts at an instant; obligations stand in the order in which they are due."""

    obligations: tuple[Obligation, ...]
    permissions: tuple[Allowance, ...]
    effects: tuple[Effect, ...] = ()

    def next_step(self) -> Obligation | None:
        """What the asker should do next."""
        open_now = (step for step in self.obligations if step.mine and step.state is ObligationState.OPEN)
        return next(open_now, None)

    @property
    def allowed(self) -> frozenset[str]:
        """The names of the actions that the asker may do now."""
        return frozenset(allowance.verb for allowance in self.permissions if allowance.allowed)


class Stage(IntEnum):
    """Where a rule's obligations stand: on the way through the states, or at the end of it."""

    RESPONSE = 1
    CLOSING = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A pure rule of the engine; a port (`base/ports.py`). Within a stage, rules stand in the order of their features."""

    name: str
    stage: Stage
    evaluate: Callable[[Plan, Facts, datetime], Iterable[Obligation | Refusal | Effect]]


def decide(
    plan: Plan, facts: Facts, now: datetime, actions: Sequence[IncidentAction], rules: Sequence[Rule]
) -> Decision:
    """What all rules say of an incident at an instant, and whether the asker may do each of the actions."""
    outcomes = [
        outcome for rule in sorted(rules, key=lambda rule: rule.stage) for outcome in rule.evaluate(plan, facts, now)
    ]
    against: dict[str, tuple[str, ...]] = {}
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            name = outcome.action.name
            against[name] = against.get(name, ()) + outcome.reasons
    return Decision(
        tuple(outcome for outcome in outcomes if isinstance(outcome, Obligation)),
        tuple(_allowance(plan, facts, action, against.get(action.name, ())) for action in decided_in_order(actions)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Effect)),
    )


def authority_reasons(plan: Plan, facts: Facts, action: IncidentAction) -> tuple[str, ...]:
    """Why the asker's sign-in or the plan's authority does not let them; empty when it does."""
    denied = facts.denied.get(action.permission, "")
    verdict = may(plan, action, facts.actor, facts.question)
    return (*((denied,) if denied else ()), *map(sentence, verdict.reasons))


def _allowance(plan: Plan, facts: Facts, action: IncidentAction, against: tuple[str, ...]) -> Allowance:
    incident = facts.incident
    hindrance = action.hindrance(incident, paging=facts.paging)
    state = (hindrance,) if hindrance else ()
    reasons = (*state, *against, *authority_reasons(plan, facts, action))
    return Allowance(action.name, not reasons, reasons)
