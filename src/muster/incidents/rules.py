"""The rules of the engine that incidents bring: the way through the states, and somebody who manages it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from muster.incidents.action import ACKNOWLEDGE, ASSIGN, MITIGATE, RESOLVE, IncidentAction
from muster.incidents.authority import place_of, title_of, who_may
from muster.incidents.belongings import RESPONSE_MANAGER
from muster.incidents.decision import (
    Fulfilment,
    Obligation,
    ObligationState,
    Rule,
    Stage,
    authority_reasons,
)
from muster.incidents.facts import Facts
from muster.incidents.incident import State
from muster.plan.model.plan import Plan
from muster.plan.permit import may
from muster.plan.steps import role_holders
from muster.plan.words import listed, target_words

_ORDER = tuple(State)


def _step(
    action: IncidentAction, title: str, before: str, plan: Plan, facts: Facts, now: datetime
) -> Iterator[Obligation]:
    """A step through the states; `before` says what keeps it from being done while it is not its turn."""
    incident, transition = facts.incident, action.transition
    if incident.state is State.CLOSED or transition is None:
        return
    clock = facts.clock(action.name)
    met = _ORDER.index(incident.state) >= _ORDER.index(transition.to)
    ready = incident.state in transition.sources
    state = ObligationState.MET if met else ObligationState.OPEN if ready else ObligationState.BLOCKED
    yield Obligation(
        id=action.name,
        title=title,
        who=_who(plan, facts, action),
        mine=not met and not authority_reasons(plan, facts, action),
        state=state,
        why=_why(plan, facts, action),
        due=clock.due_at if clock else None,
        started=clock.started_at if clock else None,
        blocked_by=(before,) if state is ObligationState.BLOCKED else (),
        met_by=(facts.did.get(action.doer) or "") if met else "",
        met_at=getattr(incident, f"{transition.to}_at") if met else None,
        action=None if met else Fulfilment(action.slug, action.label),
    )


def _manager(plan: Plan, facts: Facts, now: datetime) -> Iterator[Obligation]:
    """Somebody must be the Incident Response Manager."""
    if facts.incident.state is State.CLOSED:
        return
    title, holder = title_of(plan, RESPONSE_MANAGER), facts.roles.get(RESPONSE_MANAGER, "")
    meant = listed((target_words(plan, target) for target in role_holders(plan, RESPONSE_MANAGER)), "or")
    role = plan.role(RESPONSE_MANAGER)
    why = f"{role.duties if role else ''} {f'The plan means {meant}.' if meant else ''}".strip()
    yield Obligation(
        id="assign_manager",
        title=f"Assign the {title}",
        who=_who(plan, facts, ASSIGN),
        mine=not holder and not authority_reasons(plan, facts, ASSIGN),
        state=ObligationState.MET if holder else ObligationState.OPEN,
        why=why,
        met_by=holder,
        action=None if holder else Fulfilment(ASSIGN.slug, "Assign", {"role": RESPONSE_MANAGER}),
    )


def _who(plan: Plan, facts: Facts, action: IncidentAction) -> str:
    level = may(plan, action, facts.actor, facts.question).level
    return who_may(plan, level, facts.roles)


def _why(plan: Plan, facts: Facts, action: IncidentAction) -> str:
    incident = facts.incident
    if action is not ACKNOWLEDGE:
        return f"The plan's {place_of(action.name)}." if plan.authority.rule(action.name) else ""
    place = f"The plan's severities.{incident.severity}.acknowledge_within."
    unanswered = facts.unanswered and incident.state is State.TRIGGERED
    return f"{place} Every step has been paged and nobody has answered." if unanswered else place


def _way(action: IncidentAction, title: str, before: str = "") -> Rule:
    evaluate: Callable[[Plan, Facts, datetime], Iterator[Obligation]] = partial(_step, action, title, before)
    return Rule(action.name, Stage.RESPONSE, evaluate)


RULES = (
    _way(ACKNOWLEDGE, "Acknowledge"),
    Rule("manager", Stage.RESPONSE, _manager),
    _way(MITIGATE, "Mitigate: reduce the impact", "It is not acknowledged yet."),
    _way(RESOLVE, "Resolve: restore fully", "It is not mitigated yet."),
)
