"""A feature is an object: every name in it resolves, and what its folder brings is declared there."""

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import groupby
from typing import Any, get_type_hints

import pytest
from fastapi import APIRouter

from muster.base.features import Feature, resolve, resolve_all, routers
from muster.base.settings import kinds_of_settings, variables
from muster.clocks.clock import ClockKind
from tests.architecture.house import FEATURES, ORDER, ROOT, SOURCE, modules

KIT = "pure values that know no domain: intervals, local time, durations, ids, errors, YAML with places, bounded rules (CEL)"


def names_in(feature: Feature) -> Iterator[str]:
    """Every name that a feature gives."""
    yield from feature.commands.values()
    yield from (*feature.settings, *feature.routers, *feature.services, *feature.jobs, *feature.begin)
    for pair in (*feature.subscriptions, *feature.provides):
        yield from pair


def provided(feature: Feature, port: str) -> list[Any]:
    """What a feature gives for a port."""
    return list(resolve_all([name for own, name in feature.provides if own == port]))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_name_of_a_feature_resolves(feature: Feature) -> None:
    assert all(resolve(name) is not None for name in names_in(feature))


def test_every_folder_has_its_object() -> None:
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == set(ORDER)
    assert all((SOURCE / feature.name / "feature.py").is_file() for feature in FEATURES)


def test_what_a_feature_names_is_its_own() -> None:
    wrong = [
        f"{feature.name}: {name}"
        for feature in FEATURES
        for name in (
            *feature.commands.values(),
            *feature.settings,
            *feature.routers,
            *feature.services,
            *feature.jobs,
            *feature.begin,
            *(own for _, own in (*feature.subscriptions, *feature.provides)),
        )
        if name.partition(".")[0] != feature.name
    ]
    assert not wrong


def test_a_subscriber_takes_what_it_subscribes_to() -> None:
    for feature in FEATURES:
        for happening, subscriber in feature.subscriptions:
            hints: dict[str, Any] = get_type_hints(resolve(subscriber))
            taken = [hint for name, hint in hints.items() if name != "return"]
            assert taken[1:] == [resolve(happening)], f"{subscriber} does not take {happening}"


def test_a_provided_value_is_of_its_port() -> None:
    for feature in FEATURES:
        for port, name in feature.provides:
            assert all(isinstance(value, resolve(port)) for value in resolve_all([name])), f"{name} is no {port}"


def test_a_kind_of_clock_is_declared_by_its_owner_and_no_two_share_a_name() -> None:
    kinds = {
        feature.name: [kind for kind in provided(feature, "clocks.clock:ClockKind") if isinstance(kind, ClockKind)]
        for feature in FEATURES
    }
    assert all(kind.owner == name for name, own in kinds.items() for kind in own)
    names = [kind.name for own in kinds.values() for kind in own]
    assert len(names) == len(set(names))
    for feature in FEATURES:
        assert all(handler.kind in kinds[feature.name] for handler in provided(feature, "clocks.actions:OnBreach"))


def test_every_router_is_declared() -> None:
    served = {id(router) for router in routers(FEATURES)}
    for module in modules():
        for node in module.tree.body:
            if not (isinstance(node, ast.Assign) and _makes_router(node.value)):
                continue
            for target in node.targets:
                router = resolve(f"{module.name.removeprefix('muster.')}:{ast.unparse(target)}")
                assert isinstance(router, APIRouter)
                assert id(router) in served, f"{module}:{node.lineno} is in no feature's `routers`"


def _makes_router(value: ast.expr) -> bool:
    made = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
    return made.endswith("router") or made == "APIRouter"


def test_every_command_group_is_declared() -> None:
    declared = {id(resolve(place)) for feature in FEATURES for place in feature.commands.values()}
    for module in modules():
        for node in module.tree.body:
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
                continue
            words = {keyword.arg: keyword.value for keyword in node.value.keywords}
            if ast.unparse(node.value.func) != "cyclopts.App" or "name" not in words or module.feature == "app":
                continue
            app = resolve(f"{module.name.removeprefix('muster.')}:{ast.unparse(node.targets[0])}")
            below = _mounted(module.tree, ast.unparse(node.targets[0]))
            assert id(app) in declared or below, f"{module}:{node.lineno} is in no feature's `commands`"


def _mounted(tree: ast.Module, name: str) -> bool:
    """Whether an app is a group below another of the same file."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "command"
        and any(name in ast.unparse(argument) for argument in node.args)
        for node in ast.walk(tree)
    )


def test_periodic_work_is_declared() -> None:
    begun = {name for feature in FEATURES for name in feature.begin}
    defined = {
        f"{module.name.removeprefix('muster.')}:{node.name}"
        for module in modules()
        if module.path.name == "jobs.py"
        for node in module.tree.body
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("begin")
    }
    assert defined == begun


def test_what_wires_is_declared() -> None:
    for feature in FEATURES:
        names = (*feature.services, *feature.jobs)
        wired = {node.name for module in modules() if module.name == f"muster.{feature.name}.wiring"
                 for node in module.tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}  # fmt: skip
        assert {f"{feature.name}.wiring:{name}" for name in wired} == set(names)


def test_settings_are_declared_once() -> None:
    declared = {f"{kind.__module__.removeprefix('muster.')}:{kind.__qualname__}" for kind in kinds_of_settings()}
    kinds = {
        f"{module.name.removeprefix('muster.')}:{node.name}"
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
        and module.name != "muster.base.settings"
        and any(isinstance(line, ast.AnnAssign) and line.value and _makes_setting(line.value) for line in node.body)
    }
    assert kinds == declared - {"base.settings:Settings"}
    names = [variable.name for kind in kinds_of_settings() for variable in variables(kind)]
    assert len(names) == len(set(names))


def _makes_setting(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "setting"


def test_migrations_stand_in_folders_of_features() -> None:
    strays = [str(path) for path in SOURCE.rglob("*.sql") if path.parent.name != "migrations"]
    strays += [str(path) for path in SOURCE.rglob("migrations") if path.parent.parent != SOURCE]
    assert not strays


def test_the_layers_of_the_import_contract_are_the_features() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = []
    for beside, group in groupby(reversed(FEATURES), key=lambda feature: feature.beside):
        names = [feature.name for feature in group]
        layers += [" | ".join(names)] if beside else names
    assert contract["layers"] == [*layers, "kit"]


def test_the_table_of_the_architecture_page_is_what_the_features_say() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    rows = re.findall(r"^\| `(\w+)/` \| (.+) \|$", page, re.MULTILINE)
    expected = [("kit", KIT), *((feature.name, feature.holds) for feature in FEATURES)]
    assert [row for row in rows if not row[1].startswith("to come")] == expected
