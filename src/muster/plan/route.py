"""Where an alert goes: the policies to page, and why (R67, R68)."""

from dataclasses import dataclass

from muster.kit.rules import PreparedFacts
from muster.plan.facts import AlertFacts
from muster.plan.matching import first_match
from muster.plan.model.plan import Plan
from muster.plan.reason import About, Because, Reason


@dataclass(frozen=True, slots=True)
class Routed:
    """The escalation policies to page, the route's own first; never empty."""

    policies: tuple[str, ...]
    reasons: tuple[Reason, ...]


def route(plan: Plan, facts: AlertFacts, prepared: PreparedFacts | None = None) -> Routed:
    """Route an alert whose category and severity are decided (in `facts`). Total: somebody is always paged.

    A route whose rule cannot be decided (a label that is not there) counts as not matching; the reasons say so. When none
    matches, the last route's policy is paged all the same.
    """
    number, reasons = first_match("routes", plan.routes, prepared or facts.prepared(plan.time_zone, plan.looked_at))
    if number is None:
        number = len(plan.routes) - 1
        reasons = (*reasons, Reason(About.ROUTE, Because.USUAL, f"routes.{number}"))
    chosen = plan.routes[number]
    policies = [chosen.to, *chosen.also]
    severity = plan.severities.get(facts.severity)
    if severity is not None and severity.escalate is not None:
        policies.append(severity.escalate)
        place = f"severities.{facts.severity}.escalate"
        reasons = (*reasons, Reason(About.ROUTE, Because.RULE, place, severity.escalate))
    return Routed(tuple(dict.fromkeys(policies)), reasons)
