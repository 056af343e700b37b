"""Everything that the plan says about an alert: its category and severity (R13-R15), its route (R67, R68), its group.

What intake calls for each alert that begins, and what a simulation shows, is the same.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.kit.rules import PreparedFacts
from muster.plan.facts import TEXTS, AlertFacts
from muster.plan.hours import Holidays, hours_at
from muster.plan.matching import first_match
from muster.plan.model.plan import Plan
from muster.plan.reason import About, Because, Reason

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Routed:
    """The escalation policies to page, the route's own first; never empty."""

    policies: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Alerts with an equal `key` join one incident while its last alert is not older than `window`."""

    key: str
    window: timedelta
    parts: tuple[tuple[str, str], ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Triage:
    """The decisions in the order in which they are taken; each later one sees those before it."""

    category: str
    category_reasons: tuple[Reason, ...]
    severity: str
    severity_reasons: tuple[Reason, ...]
    routed: Routed
    grouped: Grouped


@dataclass(frozen=True, slots=True)
class Simulation:
    """The decisions about one alert, and by when somebody must acknowledge."""

    triage: Triage
    acknowledge_by: datetime


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


def simulate(plan: Plan, facts: AlertFacts, holidays: Holidays | None = None) -> Simulation:
    """Decide as for a real alert that begins at `facts.now`. Nothing is written and nobody is paged."""
    decided = triage(plan, facts, holidays)
    return Simulation(decided, facts.now + plan.severities[decided.severity].acknowledge_within)


def category_of(plan: Plan, facts: AlertFacts, prepared: PreparedFacts | None = None) -> tuple[str, tuple[Reason, ...]]:
    """The category and why: the first rule that matches, else the sender's word, else the plan's first category."""
    return _decided(plan, facts, prepared, About.CATEGORY)


def severity_of(plan: Plan, facts: AlertFacts, prepared: PreparedFacts | None = None) -> tuple[str, tuple[Reason, ...]]:
    """The severity and why: the first rule that matches, else the sender's word, else the worst.

    The worst, because an alert that nobody can place must rather wake somebody than be missed.
    """
    return _decided(plan, facts, prepared, About.SEVERITY)


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


def group_of(plan: Plan, facts: AlertFacts) -> Grouped:
    """The group of an alert whose category is decided.

    The category always belongs to the key: a security incident, which only its members see, never takes in other alerts.
    An alert that has none of the grouping labels forms a group of its own rather than one with every other such alert.
    """
    labels = tuple((name, _value(facts, name)) for name in plan.grouping.by)
    agrees = any(value for _, value in labels)
    if agrees:
        parts = (("category", facts.category), *labels)
    else:
        parts = (("category", facts.category), ("integration", facts.integration), ("alert", facts.key or facts.title))
    reason = Reason(About.GROUP, Because.RULE if agrees else Because.USUAL, "grouping.by", labels=labels)
    return Grouped(_key(parts), plan.grouping.window, parts, reason)


def group_key(plan: Plan, facts: AlertFacts) -> str:
    """The key of `group_of`: equal keys belong together, different parts never give equal keys."""
    return group_of(plan, facts).key


def _decided(
    plan: Plan, facts: AlertFacts, prepared: PreparedFacts | None, about: About
) -> tuple[str, tuple[Reason, ...]]:
    rules = plan.severity_rules if about is About.SEVERITY else plan.category_rules
    names = list(plan.severities) if about is About.SEVERITY else list(plan.categories)
    sent: str = getattr(facts, str(about))
    number, reasons = first_match(f"{about}_rules", rules, prepared or facts.prepared(plan.time_zone, plan.looked_at))
    if number is not None and rules[number].then in names:
        return rules[number].then, reasons
    if sent in names:
        return sent, (*reasons, Reason(about, Because.SENDER, "", sent))
    return names[0], (*reasons, Reason(about, Because.USUAL, "", names[0]))


def _value(facts: AlertFacts, name: str) -> str:
    if name == "alert":
        return facts.key
    if name == "alertname":
        return facts.labels.get(name, "") or facts.name
    named = str(getattr(facts, name)) if name in TEXTS else ""
    return named or facts.labels.get(name, "")


def _key(parts: tuple[tuple[str, str], ...]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= _LONGEST:
        return text
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
