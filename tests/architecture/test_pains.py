"""The table of what others' users suffered is true: each test that it names exists, and each story of pains stands in it."""

import ast
import re

from tests.architecture.house import ROOT

TEXT = (ROOT / "docs" / "pains.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT))
PAINS = re.findall(
    r"\S+",
    "oncall#1206 oncall#1187 oncall#724 oncall#1931 oncall#3261 oncall#5247 oncall#5455 oncall#4197 OneUptime#1890 goalert#55 "
    "goalert#3196 goalert#3049 goalert#2196 goalert#1138 goalert#3061 goalert#583 goalert#4190 oncall#214 goalert#871 "
    "goalert#2102 goalert#4454 oncall#3044 oncall#5039 oncall#4561 goalert#3789 oncall#3206 goalert#4544 alertmanager#4108 "
    "alertmanager#3865 alerta#2022 oncall#1792 oncall#887 oncall#5472 oncall#5628 opsgenie-go-sdk-v2#156",
)


def stories(path: str) -> dict[str, str]:
    """The tests of a file below tests/, with their docstrings."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return {
        node.name: ast.get_docstring(node) or ""
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_each_test_that_the_table_names_exists() -> None:
    assert len(NAMED) > 30
    assert not {(path, name) for path, name in NAMED if name not in stories(path)}


def test_each_story_of_a_pain_stands_in_the_table_beside_whose_pain_it_was() -> None:
    lines = TEXT.splitlines()
    missing = set()
    for path in ("scenario/test_pains.py", "scenario/test_pains_of_schedules.py"):
        for name, said in stories(path).items():
            line = next((each for each in lines if f"`{path}::{name}`" in each), "")
            where = re.findall(r"[\w-]+#\d+", said)
            assert where, f"{name} does not say whose pain it is"
            missing |= {(name, each) for each in where if each not in line}
    assert not missing


def test_each_pain_has_a_row_and_each_row_an_answer() -> None:
    rows = [line for line in TEXT.splitlines() if re.search(r"#\d+", line) and line.startswith("|")]
    listed = {each for row in rows for each in re.findall(r"[\w-]+#\d+", row)}
    assert set(PAINS) <= listed
    assert not [row for row in rows if "::" not in row and "in part:" not in row]
