"""Nothing is kept that nobody uses: every public function and class is named somewhere else, or registered by a decorator."""

import ast
import re
from collections import Counter

from tests.architecture.house import ROOT, SOURCE, modules

KEPT = {
    "main": "the program's entry",
    "new_secret": "tests are receivers with secrets of their own",
}
"""Names that only something outside of the source tree uses, and who."""


def test_every_public_function_and_class_is_used() -> None:
    words: Counter[str] = Counter()
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), ROOT / "pyproject.toml"]:
        words.update(re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8")))
    unused = [
        f"{module}:{node.lineno} {node.name}"
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.name not in KEPT
        and words[node.name] < 2
        and not any(_registers(decorator) for decorator in node.decorator_list)
    ]
    assert not unused, "\n".join(unused)


def _registers(decorator: ast.expr) -> bool:
    """A decorator such as `@router.get(…)` or `@app.default`."""
    return isinstance(decorator.func if isinstance(decorator, ast.Call) else decorator, ast.Attribute)
