"""The rules of the engine that the response brings: the closure checklist, and closing."""

from collections.abc import Iterator
from datetime import datetime

from muster.incidents.authority import who_may
from muster.incidents.decision import Fulfilment, Obligation, ObligationState, Refusal, Rule, Stage
from muster.incidents.facts import Facts
from muster.incidents.incident import State
from muster.plan.model.plan import Plan
from muster.response.action import CLOSE
from muster.response.closure import CheckResult, CheckState, gate


def _closing(plan: Plan, facts: Facts, now: datetime) -> Iterator[Obligation | Refusal]:
    """Each item that is asked of the incident is owed, and then closing it, which the gate may refuse."""
    closing = gate(plan, facts, now)
    open_items = tuple(check.reason for check in closing.checks if check.blocks)
    if open_items:
        yield Refusal(CLOSE, open_items)
    if facts.incident.state is State.CLOSED:
        return
    yield from (_owed(check) for check in closing.checks if check.state in (CheckState.OPEN, CheckState.MET))
    blocked = (*filter(None, (closing.state,)), *open_items)
    yield Obligation(
        id=CLOSE.name,
        title=CLOSE.label,
        who=who_may(plan, closing.level, facts.roles),
        mine=not closing.authority,
        state=ObligationState.BLOCKED if blocked else ObligationState.OPEN,
        why="The plan's authority.close and closure." if plan.authority.rule("close") else "The plan's closure.",
        blocked_by=(*blocked, *closing.authority),
        action=Fulfilment(CLOSE.slug, CLOSE.label),
    )


def _owed(check: CheckResult) -> Obligation:
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
        action=check.action,
    )


RULES = (Rule("closing", Stage.CLOSING, _closing),)
