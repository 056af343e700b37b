"""The technical ground knows no domain: its code, templates, styles and scripts speak of nothing that a feature is about."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import SOURCE

BASE = SOURCE / "base"
DOMAIN = re.compile(
    r"incident|on-?call|schedule|workload|integration|escalat|obligation|coverage|slack|twilio|telegram|smtp|ntfy",
    re.IGNORECASE,
)
KNOWS = {
    "access.py": "names the permissions of all features",
    "web/stream.py": "asks for the permission to look at the pages that live",
    "web/templates/components/icon.html": "draws the signs of all features",
}
COMMENTS = {
    ".html": re.compile(r"{#.*?#}", re.DOTALL),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".js": re.compile(r"^\s*//.*$", re.MULTILINE),
}


def words(path: Path) -> Iterator[str]:
    """What a file says, without its comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield COMMENTS[path.suffix].sub("", text)
        return
    tree = ast.parse(text)
    documented = (
        node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
    comments = {id(node.value) for node in documented}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments:
            yield node.value
        elif isinstance(node, ast.Name | ast.Attribute):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def test_the_ground_knows_no_domain() -> None:
    knowing = {}
    for path in sorted(BASE.rglob("*")):
        if path.suffix in {".py", *COMMENTS} and "vendor" not in path.parts:
            found = {match[0].lower() for text in words(path) for match in DOMAIN.finditer(text)}
            if found:
                knowing[path.relative_to(BASE).as_posix()] = sorted(found)
    assert set(knowing) == set(KNOWS), knowing
