"""What would happen if this alert came at that time: the same decisions as for a real one, with the pages spelt out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.plan.facts import Facts
from muster.plan.hours import Holidays
from muster.plan.model.plan import Plan
from muster.plan.steps import FrozenStep, frozen_steps
from muster.plan.triage import Triage, triage


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a page, `after` the incident has opened, if nobody acknowledges before."""

    after: timedelta
    step: FrozenStep


@dataclass(frozen=True, slots=True)
class Simulation:
    """The decisions about one alert, whom each policy would page and by when somebody must acknowledge."""

    triage: Triage
    acknowledge_by: datetime
    pages: dict[str, tuple[PlannedStep, ...]]


def simulate(plan: Plan, facts: Facts, holidays: Holidays | None = None) -> Simulation:
    """Decide as for a real alert that begins at `facts.now`. Nothing is written and nobody is paged."""
    decided = triage(plan, facts, holidays)
    pages = {policy: _planned(frozen_steps(plan, policy)) for policy in decided.routed.policies}
    within = plan.severities[decided.severity].acknowledge_within
    return Simulation(decided, facts.now + within, pages)


def _planned(steps: tuple[FrozenStep, ...]) -> tuple[PlannedStep, ...]:
    after, planned = timedelta(), []
    for step in steps:
        planned.append(PlannedStep(after, step))
        after += step.wait
    return tuple(planned)
