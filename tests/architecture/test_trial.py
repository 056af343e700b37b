"""The table of what a trial found is true: each test that it names exists."""

import ast
import re
from functools import cache

from tests.architecture.house import ROOT

TEXT = (ROOT / "docs" / "trial.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]\d+) \| [^|]+ \| (.*)\|$", TEXT, re.MULTILINE)
FOUND = {
    *(f"C{number}" for number in (1, 2)),
    *(f"H{number}" for number in range(1, 6)),
    *(f"M{number}" for number in range(1, 10)),
    *(f"L{number}" for number in range(1, 8)),
    *(f"F{number}" for number in range(1, 19)),
    *(f"I{number}" for number in range(1, 24)),
    *(f"A{number}" for number in range(1, 4)),
    *(f"K{number}" for number in range(1, 6)),
    *(f"P{number}" for number in range(1, 7)),
    *(f"D{number}" for number in range(2, 10)),
}
"""Everything that the trial found, by the ids of the table."""
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)))


@cache
def names(path: str) -> frozenset[str]:
    """The tests of a file below tests/."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_each_test_that_the_table_names_exists() -> None:
    assert not [(path, name) for path, name in NAMED if name not in names(path)]


def test_each_finding_has_a_row_and_each_row_a_test() -> None:
    assert {id for id, _ in ROWS} >= FOUND
    assert not [id for id, tests in ROWS if "::" not in tests]
