"""Kinds of events are objects: declared once, in the feature that records them, and named by no string anywhere else."""

import ast
import re
from importlib import import_module

from muster.ledger.event_kind import EventKind
from tests.architecture.house import ORDER, SOURCE, Module, modules

NOT_YET = {
    "muster.incidents.telling",
    "muster.incidents.timeline",
    "muster.ledger.sight",
    "muster.response.chapters",
    "muster.response.pages.story",
}
"""Modules that still name kinds by strings; it only gets shorter."""
TEMPLATES = sorted(SOURCE.rglob("*.html"))


def declared() -> dict[str, tuple[EventKind, ...]]:
    """The kinds of each feature that records events."""
    recording = [feature for feature in ORDER if (SOURCE / feature / "events.py").exists()]
    return {feature: import_module(f"muster.{feature}.events").EVENTS for feature in recording}


def constant(kind: EventKind) -> str:
    """The name under which a kind is declared."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.name).upper()


def declares(module: Module) -> bool:
    """Whether a module is a feature's list of events."""
    return module.name == f"muster.{module.feature}.events"


def test_every_kind_is_declared_once_under_its_name_and_says_what_it_means() -> None:
    kinds = [kind for own in declared().values() for kind in own]
    assert len({kind.name for kind in kinds}) == len(kinds)
    for feature, own in declared().items():
        module = import_module(f"muster.{feature}.events")
        for kind in own:
            assert getattr(module, constant(kind)) is kind
            assert re.fullmatch(r"[A-Z][^\n]{10,}\.", kind.meaning), kind.name


def test_no_string_names_a_kind() -> None:
    names = {kind.name for own in declared().values() for kind in own}
    strings = [
        f"{module}:{node.lineno} {node.value}"
        for module in modules()
        if not declares(module) and module.name not in NOT_YET
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert not strings, "\n".join(strings)
    quoted = re.compile(f"""["']({"|".join(names)})["']""")
    assert not {(path.name, kind[1]) for path in TEMPLATES if (kind := quoted.search(path.read_text(encoding="utf-8")))}


def test_every_kind_is_recorded_by_its_feature_or_one_above() -> None:
    position = {feature: number for number, feature in enumerate(ORDER)}
    users: dict[str, set[str]] = {}
    for module in modules():
        if not declares(module):
            for name in {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}:
                users.setdefault(name, set()).add(module.feature)
    for feature, own in declared().items():
        for kind in own:
            features = users.get(constant(kind), set())
            assert features, f"nobody records {kind.name}"
            assert all(position[user] >= position[feature] for user in features), kind.name
