"""What runs for as long as the process does is supervised: a task that nobody awaits dies unseen."""

import ast

from tests.architecture.house import Module, modules

ENDS = {
    "muster.channels.telephony.smpp.session": "reads one connection, whose end ends it",
    "muster.base.live": "both are of one group that ends with either, under a supervisor",
    "muster.alerts.actions.pulse": "writes what is late, and ends when nothing is",
}
SUPERVISOR = "muster.base.supervise"


def _for_ever() -> set[str]:
    """The names of coroutines that loop without a condition."""
    return {
        node.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef)
        and any(
            isinstance(part, ast.While) and isinstance(part.test, ast.Constant) and part.test.value
            for part in ast.walk(node)
        )
    }


def _started(module: Module) -> list[tuple[str, int]]:
    """The coroutines that a module makes tasks of by itself."""
    found = []
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Call) and _name(node.func) in ("create_task", "ensure_future")):
            continue
        found += [(_name(part.func), node.lineno) for part in ast.walk(node) if isinstance(part, ast.Call)]
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_loops_without_an_end_are_started_by_the_supervisor() -> None:
    endless = _for_ever()
    wrong = [
        f"{module}:{line} starts {name}: use muster.base.supervise"
        for module in modules()
        if module.name != SUPERVISOR and module.name not in ENDS
        for name, line in _started(module)
        if name in endless
    ]
    assert not wrong, "\n".join(wrong)
    assert {"_keep", "_loop"} <= endless, "the test finds what it looks for"
