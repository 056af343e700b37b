"""Kinds of events are objects: declared once, in the feature that records them, and named by no string anywhere else."""

import ast
import re
from importlib import import_module

from muster.base.features import installed, ports_of
from muster.ledger.event_kind import Chapter, EventData, EventKind
from tests.architecture.house import ORDER, SOURCE, Module, modules

ICONS = set(re.findall(r'"(\w+)":', (SOURCE / "base/web/templates/components/icon.html").read_text(encoding="utf-8")))
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
        if not declares(module)
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


def test_every_feature_provides_its_kinds() -> None:
    provided = set(ports_of(installed()).of(EventKind))
    assert provided == {kind for own in declared().values() for kind in own}


def test_every_form_is_whole_and_its_words_never_fail() -> None:
    forms = {kind.name: kind.timeline for own in declared().values() for kind in own if kind.timeline}
    for name, form in forms.items():
        told = form.words(EventData({}))
        assert re.fullmatch(r"[^\n]+\.", told.what), name
        assert told.what[0].islower() == form.by_actor, f"{name}: an act begins with its verb, all else with a capital"
        assert {form.icon, told.icon or form.icon} <= ICONS, name
        assert form.weight in ("", "strong", "breach")
    assert {form.chapter for form in forms.values()} == set(Chapter)


def test_what_is_recorded_of_an_incident_stands_in_its_timeline() -> None:
    elsewhere = {
        constant(kind) for f in ("paging", "incidents", "response") for kind in declared()[f] if not kind.timeline
    }
    wrong = [
        f"{module}:{call.lineno} {name.id}"
        for module in modules()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and not _of_something_else(call)
        for name in call.args
        if isinstance(name, ast.Name) and name.id in elsewhere
    ]
    assert not wrong, "\n".join(wrong)


def _of_something_else(call: ast.Call) -> bool:
    """Whether a call records in a stream that is written out and no incident's; `_event` is that of chains."""
    if ast.unparse(call.func) == "_event":
        return True
    stream = ast.unparse(call.args[0]) if call.args else ""
    return ast.unparse(call.func) == "Event" and (
        stream == "STREAM" or bool(re.match(r"""f?['"](?!incident:)""", stream))
    )
