"""What the plan would make of an alert that came at that time: the same decisions as for a real one."""

from dataclasses import dataclass
from datetime import datetime

from muster.plan.facts import AlertFacts
from muster.plan.hours import Holidays
from muster.plan.model.plan import Plan
from muster.plan.triage import Triage, triage


@dataclass(frozen=True, slots=True)
class Simulation:
    """The decisions about one alert, and by when somebody must acknowledge."""

    triage: Triage
    acknowledge_by: datetime


def simulate(plan: Plan, facts: AlertFacts, holidays: Holidays | None = None) -> Simulation:
    """Decide as for a real alert that begins at `facts.now`. Nothing is written and nobody is paged."""
    decided = triage(plan, facts, holidays)
    return Simulation(decided, facts.now + plan.severities[decided.severity].acknowledge_within)
