"""Everything that the plan says about a new alert, decided in one go: what intake calls for each alert that begins."""

from dataclasses import dataclass, replace

from muster.plan.classify import category_of, severity_of
from muster.plan.facts import AlertFacts
from muster.plan.group import Grouped, group_of
from muster.plan.hours import Holidays, hours_at
from muster.plan.model.plan import Plan
from muster.plan.reason import Reason
from muster.plan.route import Routed, route


@dataclass(frozen=True, slots=True)
class Triage:
    """The decisions in the order in which they are taken; each later one sees those before it."""

    category: str
    category_reasons: tuple[Reason, ...]
    severity: str
    severity_reasons: tuple[Reason, ...]
    routed: Routed
    grouped: Grouped


def triage(plan: Plan, facts: AlertFacts, holidays: Holidays | None = None) -> Triage:
    """Decide category, then severity, then route and group. Total and deterministic; no I/O (R60: one way for all sources).

    `holidays` are the days off of the calendars that the plan's hours name.
    """
    if "hours" in plan.looked_at:
        facts = replace(facts, hours=hours_at(plan, facts.now, holidays or {}))
    prepared = facts.prepared(plan.time_zone, plan.looked_at)
    category, category_reasons = category_of(plan, facts, prepared)
    facts = replace(facts, category=category)
    prepared.add_variable("category", category)
    severity, severity_reasons = severity_of(plan, facts, prepared)
    facts = replace(facts, severity=severity)
    prepared.add_variable("severity", severity)
    routed, grouped = route(plan, facts, prepared), group_of(plan, facts)
    return Triage(category, category_reasons, severity, severity_reasons, routed, grouped)
