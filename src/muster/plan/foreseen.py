"""What trying the plan out tells: each step of a page at its time, with the people whom it would reach and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.plan.model.fields import Target
from muster.plan.simulate import PlannedStep


@dataclass(frozen=True, slots=True)
class Someone:
    """A person who would be paged; without a `proven` contact only the mail address of their account is left."""

    name: str
    full_name: str
    proven: bool


@dataclass(frozen=True, slots=True)
class Whom:
    """One target at one time: what it means in words, whom it reaches then, and why these (or why nobody)."""

    words: str
    people: tuple[Someone, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned step, or `times` equal ones in a row, `every` so long."""

    at: datetime
    after: timedelta
    every: timedelta
    times: int
    policy: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class ForeseenStep:
    """A slot with whom it would page."""

    slot: Slot
    whom: tuple[Whom, ...]

    @property
    def nobody(self) -> bool:
        """Whether this step would wake nobody."""
        return not any(each.people for each in self.whom)


def slots(steps: Iterable[PlannedStep], start: datetime) -> tuple[Slot, ...]:
    """The steps at their times; what only repeats the step before it stands once."""
    made: list[Slot] = []
    for planned in steps:
        step = planned.step
        last = made[-1] if made else None
        if last and (last.targets, last.policy, last.every) == (step.targets, step.policy, step.wait):
            made[-1] = Slot(last.at, last.after, last.every, last.times + 1, last.policy, last.targets)
        else:
            made.append(Slot(start + planned.after, planned.after, step.wait, 1, step.policy, step.targets))
    return tuple(made)
