"""The first rule of a list that matches; a rule that cannot be decided does not match, and that is told."""

from collections.abc import Sequence
from typing import Protocol

from muster.kit.rules import Facts as Prepared
from muster.kit.rules import Rule
from muster.plan.reason import SECTIONS, Because, Reason


class Conditional(Protocol):
    """Whatever carries an `if`."""

    @property
    def condition(self) -> Rule:
        """The rule."""
        ...


def first_match(section: str, items: Sequence[Conditional], facts: Prepared) -> tuple[int | None, tuple[Reason, ...]]:
    """The number of the first item whose condition holds (None: none does), with the reasons gathered on the way."""
    undecided: list[Reason] = []
    for number, item in enumerate(items):
        outcome = item.condition.evaluate(facts)
        at = f"{section}.{number}"
        if outcome.matched:
            what = "It catches everything" if item.condition.always else f"`{item.condition.text}` holds"
            return number, (
                *undecided,
                Reason(SECTIONS[section], Because.RULE, at, f"{what} ({section}, rule {number + 1})."),
            )
        if outcome.error:
            sentence = f"`{item.condition.text}` counts as not matching: {outcome.error}."
            undecided.append(Reason(SECTIONS[section], Because.UNDECIDED, at, sentence))
    return None, tuple(undecided)
