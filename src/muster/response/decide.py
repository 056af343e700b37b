"""The engine: what the plan requires of an incident now, who may do it, by when, and what blocks it. Pure, total,
deterministic; the same answer for page, API, command line and gate."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from muster.clocks.clock import RunningClock
from muster.incidents import action as incidents
from muster.incidents.authority import place_of, title_of, who_may
from muster.incidents.belongings import RESPONSE_MANAGER
from muster.incidents.incident import State
from muster.plan.model.authority import VERBS, Verb
from muster.plan.model.plan import Plan
from muster.plan.permit import may
from muster.plan.steps import role_holders
from muster.plan.words import listed, target_words
from muster.response.action import ACTIONS
from muster.response.closure import CheckResult, CheckState, Gate, gate
from muster.response.facts import Facts


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
    fields: dict[str, str] = field(default_factory=dict)


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

    verb: Verb
    allowed: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """All that follows from plan and facts at an instant; obligations stand in the order in which they are due."""

    obligations: tuple[Obligation, ...]
    permissions: tuple[Allowance, ...]
    gate: Gate

    def next_step(self) -> Obligation | None:
        """What the asker should do next."""
        return next((each for each in self.obligations if each.mine and each.state is ObligationState.OPEN), None)


_ORDER = (State.TRIGGERED, State.ACKNOWLEDGED, State.MITIGATED, State.RESOLVED, State.CLOSED)
_STEPS: tuple[tuple[Verb, State, str], ...] = (
    ("acknowledge", State.ACKNOWLEDGED, "Acknowledge"),
    ("mitigate", State.MITIGATED, "Mitigate: reduce the impact"),
    ("resolve", State.RESOLVED, "Resolve: restore fully"),
)
_ACTIONS = {action.name: action for action in (*incidents.ACTIONS, *ACTIONS)}
_BEFORE = {"mitigate": "It is not acknowledged yet.", "resolve": "It is not mitigated yet."}


def decide(plan: Plan, facts: Facts, now: datetime) -> Decision:
    """Obligations, permissions and the closure gate of an incident at an instant."""
    decided = gate(plan, facts, now)
    if facts.incident.state is State.CLOSED:
        return Decision((), permissions(plan, facts, decided), decided)
    steps = [_step(plan, facts, index) for index in range(len(_STEPS))]
    first, others = steps[0], steps[1:]
    obligations = [first, _manager(plan, facts), *others]
    obligations += [_check(facts, each) for each in decided.checks if each.state in (CheckState.OPEN, CheckState.MET)]
    obligations.append(_close(plan, facts, decided))
    return Decision(tuple(obligations), permissions(plan, facts, decided), decided)


def permissions(plan: Plan, facts: Facts, decided: Gate) -> tuple[Allowance, ...]:
    """For every deed that the plan knows, whether the asker may do it now."""
    return tuple(_allowance(plan, facts, decided, verb) for verb in VERBS)  # type: ignore[arg-type]


def _allowance(plan: Plan, facts: Facts, decided: Gate, verb: Verb) -> Allowance:
    reasons = decided.reasons if verb == "close" else (*_state_reasons(facts, verb), *_authority(plan, facts, verb))
    return Allowance(verb, not reasons, reasons)


def _state_reasons(facts: Facts, verb: Verb) -> tuple[str, ...]:
    incident = facts.incident
    if verb == "acknowledge" and incident.open and facts.paging:
        return ()
    hindrance = _ACTIONS[verb].hindrance(incident.state, merged=incident.merged_into is not None)
    return (hindrance,) if hindrance else ()


def _authority(plan: Plan, facts: Facts, verb: Verb) -> tuple[str, ...]:
    denied = facts.denied.get(verb, "")
    verdict = may(plan, verb, facts.actor, facts.incident.severity, facts.did)
    return ((denied,) if denied else ()) + verdict.reasons


def _who(plan: Plan, facts: Facts, verb: Verb) -> str:
    level = may(plan, verb, facts.actor, facts.incident.severity, facts.did).level
    return who_may(plan, level, facts.roles)


def _step(plan: Plan, facts: Facts, index: int) -> Obligation:
    verb, goal, title = _STEPS[index]
    incident = facts.incident
    clock = _clock(facts, verb)
    met = _ORDER.index(incident.state) >= _ORDER.index(goal)
    doers = {"acknowledge": "acknowledger", "mitigate": "mitigator", "resolve": "resolver"}
    at = {
        "acknowledge": incident.acknowledged_at,
        "mitigate": incident.mitigated_at,
        "resolve": incident.resolved_at,
    }[verb]
    ready = _ORDER.index(incident.state) == index
    state = ObligationState.MET if met else ObligationState.OPEN if ready else ObligationState.BLOCKED
    return Obligation(
        id=verb,
        title=title,
        who=_who(plan, facts, verb),
        mine=not met and not _authority(plan, facts, verb),
        state=state,
        why=_why(plan, facts, verb),
        due=clock.due_at if clock else None,
        started=clock.started_at if clock else None,
        blocked_by=(_BEFORE[verb],) if state is ObligationState.BLOCKED else (),
        met_by=(facts.did.get(doers[verb]) or "") if met else "",
        met_at=at if met else None,
        action=None if met else Fulfilment(verb, title.split(":")[0]),
    )


def _why(plan: Plan, facts: Facts, verb: Verb) -> str:
    incident = facts.incident
    if verb != "acknowledge":
        return f"The plan's {place_of(verb)}." if plan.authority.rule(verb) else ""
    told = f"The plan's severities.{incident.severity}.acknowledge_within."
    unanswered = facts.unanswered and incident.state is State.TRIGGERED
    return f"{told} Every step has been paged and nobody has answered." if unanswered else told


def _manager(plan: Plan, facts: Facts) -> Obligation:
    title, holder = title_of(plan, RESPONSE_MANAGER), facts.roles.get(RESPONSE_MANAGER, "")
    meant = listed((target_words(plan, each) for each in role_holders(plan, RESPONSE_MANAGER)), "or")
    role = plan.role(RESPONSE_MANAGER)
    why = f"{role.duties if role else ''} {f'The plan means {meant}.' if meant else ''}".strip()
    return Obligation(
        id="assign_manager",
        title=f"Assign the {title}",
        who=_who(plan, facts, "assign"),
        mine=not holder and not _authority(plan, facts, "assign"),
        state=ObligationState.MET if holder else ObligationState.OPEN,
        why=why,
        met_by=holder,
        action=None if holder else Fulfilment("roles", "Assign", {"role": RESPONSE_MANAGER}),
    )


def _check(facts: Facts, check: CheckResult) -> Obligation:
    met = check.state is CheckState.MET
    return Obligation(
        id=check.key,
        title=check.title,
        who=check.who,
        mine=not met and check.mine and check.kind != "no_firing_alerts",
        state=ObligationState.MET if met else ObligationState.OPEN,
        why=" ".join(filter(None, (f"The plan's {check.place}." if check.place else "", "" if met else check.reason))),
        met_by=check.by,
        met_at=check.at,
        action=None if met else _meets(check),
    )


def _meets(check: CheckResult) -> Fulfilment | None:
    if check.kind == "attest":
        return Fulfilment(f"checks/{check.name}", "Attest")
    if check.kind == "note":
        return Fulfilment("notes", "Write the note", {"name": check.name})
    return Fulfilment("edit", "Complete the record") if check.kind == "record_complete" else None


def _close(plan: Plan, facts: Facts, decided: Gate) -> Obligation:
    blocked = tuple(filter(None, (decided.state, *(each.reason for each in decided.checks if each.blocks))))
    return Obligation(
        id="close",
        title="Close",
        who=who_may(plan, decided.level, facts.roles),
        mine=not decided.authority,
        state=ObligationState.BLOCKED if blocked else ObligationState.OPEN,
        why="The plan's authority.close and closure." if plan.authority.rule("close") else "The plan's closure.",
        blocked_by=(*blocked, *decided.authority),
        action=Fulfilment("close", "Close"),
    )


def _clock(facts: Facts, kind: str) -> RunningClock | None:
    return next((clock for clock in facts.clocks if clock.kind == kind), None)
