"""The table of what a trial found is true: each test that it names exists."""

import ast
import re
from functools import cache

from tests.architecture.house import ROOT

TEXT = (ROOT / "docs" / "trial.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)))


@cache
def names(path: str) -> frozenset[str]:
    """The tests of a file below tests/."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_each_test_that_the_table_names_exists() -> None:
    assert not [(path, name) for path, name in NAMED if name not in names(path)]
