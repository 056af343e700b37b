"""The reference of schedules is true: its examples are read, its fields are all there are."""

import re
from pathlib import Path

import pytest

from muster.kit.yamldoc import read_documents
from muster.oncall.reading import LAYER_FIELDS, SCHEDULE_FIELDS, read_schedule

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "schedules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_a_schedule(example: str) -> None:
    (document,) = read_documents(example).documents
    assert read_schedule(document.data).layers


def test_each_field_is_told() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.M))
    assert told == {*SCHEDULE_FIELDS, *LAYER_FIELDS} - {"kind"}
