"""Names say what they mean: no variable that says nothing, and one meaning for the name of a class."""

import ast
from collections import Counter, defaultdict

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
TWICE_IN_A_FEATURE = {
    "Account": "of Twilio, and the loop that asks a provider whether the account is good",
    "Browsers": "the port of web push and what stands behind it",
    "Lock": "of the database, and of the server's own files",
    "Unreachable": "of a database, and of an address",
}
"""With the reason why it is the same word."""
NOT_YET = frozenset({
    "Conditional", "Kind", "NoteIn", "Proof", "Section",
})  # fmt: skip
"""Twice in a feature, and one of them to be named anew."""
SHARED = frozenset({
    "Attempt", "Because", "Body", "Broken", "Cause", "Change", "Check", "Contacts",
    "Directory", "Document", "Doubt", "Entry", "Event", "Facts", "Filter", "Finding", "Flaw", "Form", "Gate",
    "Guide", "Held", "Hold", "Hours", "Kind", "Known", "Lane", "Line", "Link", "Links", "Meant", "Node",
    "Note", "NotifyRule", "Order", "Outcome", "Page", "Part", "Picture", "Place", "Reading",
    "Reason", "Record", "Refused", "Reply", "Report", "Row", "Run", "Scope", "Secret", "Session", "Shift",
    "Source", "Stage", "Standing", "Step", "Subject", "Table", "Taken", "Team", "Turn",
    "Vendor", "Verdict", "Version",
})  # fmt: skip
"""Words that features use each in their own sense. A new class takes a word of its own."""


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


def classes() -> dict[str, list[str]]:
    """The features of every public class, by its name; shapes of the API (`In`, `Out`) are the API's words."""
    features: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                features[node.name].append(module.feature)
    return features


def test_a_class_name_is_used_once_in_a_feature() -> None:
    twice = {name for name, features in classes().items() if len(features) > len(set(features))}
    assert twice <= {*TWICE_IN_A_FEATURE, *NOT_YET}, twice - {*TWICE_IN_A_FEATURE, *NOT_YET}


def test_a_class_name_has_one_meaning() -> None:
    several = {
        name for name, features in classes().items() if len(set(features)) > 1 and not name.endswith(("In", "Out"))
    }
    assert several <= SHARED, several - SHARED
