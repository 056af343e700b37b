"""Reads the source tree as data, for the rules that the other files of this folder check."""

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from muster.base.features import installed

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "muster"
FEATURES = installed()
ORDER = ("kit", *(feature.name for feature in FEATURES))
"""Every folder; `kit/` alone has no object, since it knows nothing of Muster."""
DOING = ("store", "actions", "api", "callbacks", "pages", "jobs", "cli", "doctor", "wiring")
"""Reserved names of files and folders that may do I/O; every other file of a feature is pure."""
FREE = frozenset({"base"})
"""Technical ground: it may do I/O anywhere."""
COMPOSITION = {
    "app.cli": "the command `muster`",
    "app.connections": "the connections of the HTTP port",
    "app.demo.story": "plays the demonstration",
    "app.front": "the front door of HTTP",
    "app.http": "the application of HTTP",
    "app.intake_http": "intake over HTTP",
    "app.local": "commands that run where Muster runs",
    "app.muster": "one node, wired",
    "app.serve": "one process",
    "app.views": "how visitors are met",
}
"""The files of `app/` that wire; every other is under the same rules as a feature's."""


@dataclass(frozen=True)
class Module:
    """One Python file of Muster."""

    path: Path

    @property
    def name(self) -> str:
        """Its dotted name."""
        parts = self.path.relative_to(SOURCE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def feature(self) -> str:
        """The feature that it belongs to; empty for the package itself."""
        parts = self.path.relative_to(SOURCE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def layer(self) -> str:
        """The reserved name that holds it; `adapter` for the rest of a channel; empty for a pure file."""
        inside = self.path.relative_to(SOURCE).with_suffix("").parts[1:]
        if self.name.removeprefix("muster.") in COMPOSITION:
            return "wiring"
        layer = next((part for part in inside if part in DOING), "")
        return layer or ("adapter" if self.feature == "channels" else "")

    @property
    def pure(self) -> bool:
        """Whether it must do no I/O and read no clock."""
        return self.feature not in FREE and not self.layer and self.feature != ""

    @cached_property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> list[tuple[str, int]]:
        """What it imports, as (dotted name, line), without what only type checkers see."""
        found: list[tuple[str, int]] = []
        hidden = {id(node) for block in ast.walk(self.tree) if _is_type_checking(block) for node in ast.walk(block)}
        for node in ast.walk(self.tree):
            if id(node) in hidden:
                continue
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
        return found

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of Muster, each read and parsed once."""
    return tuple(Module(path) for path in sorted(SOURCE.rglob("*.py")))


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
