"""What an alert is: its category and its severity, by the plan's rules (R13-R15)."""

from muster.kit.rules import PreparedFacts
from muster.plan.facts import AlertFacts
from muster.plan.matching import first_match
from muster.plan.model.plan import Plan
from muster.plan.reason import About, Because, Reason


def category_of(plan: Plan, facts: AlertFacts, prepared: PreparedFacts | None = None) -> tuple[str, tuple[Reason, ...]]:
    """The category and why: the first rule that matches, else the sender's word, else the plan's first category."""
    return _decided(plan, facts, prepared, About.CATEGORY)


def severity_of(plan: Plan, facts: AlertFacts, prepared: PreparedFacts | None = None) -> tuple[str, tuple[Reason, ...]]:
    """The severity and why: the first rule that matches, else the sender's word, else the worst.

    The worst, because an alert that nobody can place must rather wake somebody than be missed.
    """
    return _decided(plan, facts, prepared, About.SEVERITY)


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
