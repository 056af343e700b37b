"""The glossary and the code use the same words: a domain class is a word of it, or has one in its name."""

import ast
import re
from itertools import combinations

from tests.architecture.house import ROOT, SOURCE, Module, modules

ROW = re.compile(r"^\| ([a-z][a-z -]*) \| [^|]+ \| (?:`(\w+)` )?\|$", re.MULTILINE)
SHAPES = ("In", "Out", "View", "Draft", "Settings", "Manifest")
"""Shapes of the edges; what they carry is a word of its own."""
OTHER_LANGUAGES = {
    "kit": "knows nothing of Muster",
    "importing": "speaks of what other tools call theirs",
    "inbound": "is named after formats and what they say",
    "catalog/drawing.py": "draws: boxes and lines",
    "catalog/layers.py": "draws: boxes and lines",
    "catalog/layout.py": "draws: boxes and lines",
    "oncall/calendars/ical": "speaks of what RFC 5545 calls its own",
    "oncall/picture": "draws: bars and tracks",
}
"""Files and folders whose classes are no words of Muster, and why."""
HELPERS = {
    "alerts": frozenset({
        "Doubt", "Leaf", "MailAddresses", "Outcome", "Parsed", "Pattern", "Record", "Spooled", "Told", "Totals",
        "Touch", "Unaddressed", "Unproven",
    }),
    "catalog": frozenset({
        "Graph", "Hit", "Index", "Ref", "Selection", "Survey",
    }),
    "incidents": frozenset({
        "Attached", "Closeness", "Dialog", "Firing", "Fulfilment", "Holding", "Joining", "Move", "Sorted",
        "Stage", "State", "Triaged",
    }),
    "ledger": frozenset({
        "End", "Heading", "Reader", "SealedHead",
    }),
    "oncall": frozenset({
        "Cause", "Measure", "Moment", "Order", "PayLine", "Reachability", "Remark", "Revision", "Rotate",
        "Tenure", "Unfair", "Weight", "Window",
    }),
    "paging": frozenset({
        "Advance", "Answered", "Capabilities", "Due", "News", "Next", "NextTry", "OnCall", "PagingWorld",
        "Planned", "PolicyRun", "Purpose", "Reachable", "Released", "Round", "Ruling", "Said", "Sent",
        "Shadowed", "Shown", "Snapshot", "Upkeep", "Used", "Verb", "Watched", "Way", "Weakness", "Whom",
        "Woken",
    }),
    "people": frozenset({
        "AccountChanged", "Bound", "Doing", "Failures", "Notify", "PasswordChosen", "Quiet", "Reach",
        "Requirement", "Row", "Site", "Subject", "WaysChanged",
    }),
    "plan": frozenset({
        "About", "Actor", "Because", "Bundling", "Conditional", "Final", "FiresAgain", "Grouped", "NamesWanted",
        "Paging", "Part", "Question", "Reading", "Refers", "Routed", "Spells", "Table", "UnknownDoer", "World",
    }),
    "response": frozenset({
        "Gate",
    }),
}  # fmt: skip
"""Classes that only a calculation of their own feature needs. A new class takes a word of the glossary, or brings one."""


def glossary() -> list[tuple[str, str]]:
    """Every word, and the class that it names, which may be empty."""
    return ROW.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))


def domain_classes(module: Module) -> list[str]:
    """The public classes of a file that says what the domain is."""
    path = str(module.path.relative_to(SOURCE))
    is_other = any(path == place or path.startswith(f"{place}/") for place in OTHER_LANGUAGES)
    if is_other or not module.pure or module.path.stem in {"feature", "settings", "action"}:
        return []
    return [
        node.name
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not node.name.endswith(SHAPES)
    ]


def phrases(name: str) -> set[str]:
    """What a class name says in words, whole and in part: of `CoverRequests` "cover request", "cover", "request"."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", name)
    cuts = combinations(range(len(parts) + 1), 2)
    texts = {" ".join(parts[start:end]).lower() for start, end in cuts}
    return texts | {text.removesuffix("s") for text in texts}


def test_the_glossary_has_the_words_of_the_code() -> None:
    words = {word.replace("-", " ") for word, _ in glossary()}
    missing = {
        f"{module.feature}: {name}"
        for module in modules()
        for name in domain_classes(module)
        if name not in HELPERS.get(module.feature, ()) and not phrases(name) & words
    }
    assert not missing, f"add a word to docs/glossary.md, or use one in the name: {sorted(missing)}"


def test_the_classes_that_the_glossary_names_exist() -> None:
    classes = {node.name for module in modules() for node in module.tree.body if isinstance(node, ast.ClassDef)}
    named = {name for _, name in glossary() if name}
    assert len(named) > 50
    assert named <= classes, named - classes


def test_a_helper_is_a_class_without_a_word_of_its_own() -> None:
    words = {word.replace("-", " ") for word, _ in glossary()}
    assert not {name for names in HELPERS.values() for name in names if phrases(name) & words}
