"""The first rule of a list that matches; a rule that cannot be decided does not match, and that is told."""

from collections.abc import Sequence
from typing import Protocol

from muster.kit.rules import Condition, PreparedFacts
from muster.plan.reason import SECTIONS, Because, Reason


class HasCondition(Protocol):
    """Whatever carries an `if`."""

    @property
    def condition(self) -> Condition:
        """The rule."""
        ...


def first_match(
    section: str, items: Sequence[HasCondition], facts: PreparedFacts
) -> tuple[int | None, tuple[Reason, ...]]:
    """The number of the first item whose condition holds (None: none does), with the reasons gathered on the way."""
    undecided: list[Reason] = []
    for number, item in enumerate(items):
        outcome = item.condition.evaluate(facts)
        at = f"{section}.{number}"
        if outcome.matched:
            condition = "" if item.condition.always else item.condition.text
            return number, (*undecided, Reason(SECTIONS[section], Because.RULE, at, condition=condition))
        if outcome.error:
            undecided.append(
                Reason(SECTIONS[section], Because.UNDECIDED, at, condition=item.condition.text, error=outcome.error)
            )
    return None, tuple(undecided)
