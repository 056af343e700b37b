"""The reference of the plan is complete and true: its plans are valid, and nothing that a plan may hold is missing."""

import re
from pathlib import Path

import pytest

from muster.base.features import installed, ports_of
from muster.kit import rulescan
from muster.plan.action import Action
from muster.plan.facts import VOCABULARY
from muster.plan.model.closure import CHECKS
from muster.plan.model.escalation import Paging, Step
from muster.plan.model.fields import TARGET_KINDS
from muster.plan.model.severities import Severity
from muster.plan.normal_form import LATER_SECTIONS, known_sections
from muster.plan.reader import review_plan

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "plan.md").read_text(encoding="utf-8")
ACTIONS = [action.name for action in ports_of(installed()).of(Action) if action.decided]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_plans_of_the_reference_are_valid(example: str) -> None:
    assert review_plan(example).faults == ()


def test_the_reference_names_all_that_a_plan_may_hold() -> None:
    words = set(re.findall(r"[a-z_]+(?:\.[a-z_]+)?", TEXT)) | set(re.findall(r"\w+", TEXT))
    needed = {*known_sections(), *LATER_SECTIONS, *VOCABULARY, *ACTIONS, *CHECKS, *TARGET_KINDS}
    needed |= {*Severity.model_fields, *Step.model_fields, *Paging.model_fields, *rulescan.FUNCTIONS, *rulescan.LOOPS}
    needed |= {f"now.{name}" for name in VOCABULARY["now"]} | {f"alert.{name}" for name in VOCABULARY["alert"]}
    assert needed - words == set()


def test_the_reference_tells_the_bounds_as_they_are() -> None:
    said = " ".join(TEXT.split())
    assert f"at most {rulescan.LONGEST} characters, {rulescan.DEEPEST} nested brackets" in said
    assert f"{rulescan.MOST_LOOPS} loops ({rulescan.DEEPEST_LOOPS} nested), {rulescan.MOST_ITEMS} listed items" in said
    assert f"and {rulescan.MOST_CHOICES} choices" in said
    assert f"at most {rulescan.LONGEST_PATTERN} characters and repeats at most {rulescan.MOST_REPETITION} times" in said
