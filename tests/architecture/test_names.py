"""Names say what they mean: no variable that says nothing, and one meaning for the name of a class."""

import ast
from collections import Counter

from tests.architecture.house import Module, modules

EMPTY = frozenset({"each", "thing"})
"""Names of a variable for which there is always a noun."""
STILL_EMPTY = {
    "catalog": 67,
    "importing": 1,
    "incidents": 78,
    "ledger": 12,
    "paging": 202,
    "people": 47,
    "plan": 4,
    "response": 34,
}
"""So many variables of a feature are still to be named: fewer, never more."""
NOT_YET = {
    "alerts": frozenset({"Attempt", "Guide", "Hold", "Kind", "Record", "Row", "Told"}),
    "oncall": frozenset({"Event", "Finding", "Lane", "Order", "Picture", "Reason", "Scope", "Step", "Version"}),
    "people": frozenset({"Contacts", "Gate", "Hours", "Link", "Proof"}),
    "catalog": frozenset({"Node"}),
}
"""Names with another meaning elsewhere, by the feature that is to name its class anew: fewer, never more."""
SAME_WORD = {
    "Body": "what a client sends, once for each API",
    "Change": "of a draft, in the ground; of what runs, in changes",
    "Page": "of a list, in the ground; of somebody, in paging",
    "Step": "of a policy, in the plan; of a guide, in the formats",
    "Table": "of the database, and of a text",
}
"""With the reason why it is the same word."""


def empty_names(module: Module) -> int:
    """How many variables and parameters of a file say nothing."""
    nodes = list(ast.walk(module.tree))
    stored = sum(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in EMPTY for node in nodes)
    return stored + sum(isinstance(node, ast.arg) and node.arg in EMPTY for node in nodes)


def test_variables_are_named_after_what_they_hold() -> None:
    counts: Counter[str] = Counter()
    for module in modules():
        counts[module.feature] += empty_names(module)
    assert not {feature: count for feature, count in counts.items() if count > STILL_EMPTY.get(feature, 0)}


def test_a_class_name_has_one_meaning() -> None:
    """In the whole source; shapes of the API (`In`, `Out`) are the API's words."""
    counts = Counter(
        node.name
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not node.name.endswith(("In", "Out"))
    )
    several = {name for name, count in counts.items() if count > 1}
    allowed = {*SAME_WORD, *frozenset().union(*NOT_YET.values())}
    assert several <= allowed, several - allowed
