"""The reference of the generic format is true: it names every option and field, and its examples do what they say."""

import json
import re

import pytest
from tests.architecture.house import ROOT

from muster.inbound.generic.kept_samples import outcome
from muster.inbound.generic.rules import FIELDS, GROUPS, OPTIONS
from muster.inbound.registry import FORMATS

TEXT = (ROOT / "docs" / "reference" / "generic.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]


def test_every_option_and_every_field_is_named() -> None:
    assert [name for name in (*OPTIONS, *FIELDS, *GROUPS) if f"`{name}`" not in TEXT] == []
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_does_what_it_says(example: dict[str, dict[str, object]]) -> None:
    assert FORMATS["generic"].option_faults(example["options"]) == ()
    assert outcome(example["fires"], example["options"]) == example["becomes"]
    over = outcome(example["recovers"], example["options"])
    assert (over["status"], over["key"]) == ("resolved", example["becomes"]["key"])
