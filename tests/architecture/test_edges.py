"""Only the edge commits; every route declares its permission; files stay small and say why they exist."""

import ast
import re
import statistics

from fastapi.routing import APIRoute

from muster.base.access import GRANTS, Permission
from muster.base.features import installed, routers
from muster.base.web.needs import needs_of
from tests.architecture.house import modules

LONGEST, MEDIAN = 400, 120
MAY_OPEN_TRANSACTIONS = ("muster.base.db", "muster.base.unit", "muster.base.postgres", "muster.manifests.actions.apply")


def test_only_the_edge_opens_transactions() -> None:
    wrong = []
    for module in modules():
        if module.name.startswith(MAY_OPEN_TRANSACTIONS):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("transaction", "commit", "rollback"):
                wrong.append(f"{module}:{node.lineno} .{node.attr}")
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"\s*(COMMIT|BEGIN)\s*;?\s*", node.value)
            ):
                wrong.append(f"{module}:{node.lineno} {node.value}")
    assert not wrong, "\n".join(wrong)


def test_every_route_declares_its_permission() -> None:
    for router in routers(installed()):
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no route of the edge"
            declared = needs_of(route.endpoint)
            assert declared.permission in GRANTS or declared.reason, f"{route.path} is open without a reason"


def test_every_permission_has_a_level_and_a_sentence() -> None:
    assert set(GRANTS) == set(Permission)


def test_files_are_short() -> None:
    sizes = {str(module): module.text.count("\n") for module in modules()}
    long = [f"{name}: {size}" for name, size in sizes.items() if size > LONGEST]
    assert not long, "\n".join(long)
    assert statistics.median(sizes.values()) < MEDIAN


def test_every_file_says_why_it_exists() -> None:
    silent = [str(module) for module in modules() if not ast.get_docstring(module.tree)]
    assert not silent, "\n".join(silent)


def test_public_functions_and_classes_say_what_they_are_for() -> None:
    silent = []
    for module in modules():
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                silent.append(f"{module}:{node.lineno} {node.name}")
    assert not silent, "\n".join(silent)
