"""Whatever a feature tells, somebody hears: every happening that is emitted has a subscriber, and every declared one is emitted."""

import ast

from tests.architecture.house import FEATURES, Module, modules


def _called(node: ast.expr, assigned: dict[str, str]) -> str:
    """The name of the class that an expression makes, followed through one assignment."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id
    return assigned.get(node.id, "") if isinstance(node, ast.Name) else ""


def _emitted(module: Module) -> set[str]:
    found: set[str] = set()
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        assigned = {
            target.id: node.value.func.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "emit"
                and node.args
            ):
                found.add(_called(node.args[-1], assigned))
    return found - {""}


def _subscribed(module: Module) -> set[str]:
    return {
        node.args[0].id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "subscribe"
        and node.args
        and isinstance(node.args[0], ast.Name)
    }


def _declared(module: Module) -> set[str]:
    """The happenings of a module: its dataclasses that are no part of another."""
    classes = {node.name: node for node in module.tree.body if isinstance(node, ast.ClassDef)}
    parts = {
        name.id
        for node in classes.values()
        for field in node.body
        if isinstance(field, ast.AnnAssign)
        for name in ast.walk(field.annotation)
        if isinstance(name, ast.Name)
    }
    return {name for name, node in classes.items() if node.decorator_list and name not in parts}


def test_every_happening_is_emitted_and_heard() -> None:
    emitted = {name for module in modules() for name in _emitted(module)}
    heard = {name for module in modules() for name in _subscribed(module)}
    heard |= {happening.partition(":")[2] for feature in FEATURES for happening, _ in feature.subscriptions}
    declared = {name for module in modules() if module.name.endswith(".happenings") for name in _declared(module)}
    assert emitted >= {"AlertsChanged", "PageExhausted", "PersonDeactivating", "PlanPublished"}
    assert not emitted - heard, "nobody hears"
    assert not declared - emitted, "nobody tells"
