"""Every file but those of reserved names is pure: no I/O, no clock, no randomness, no environment."""

import ast

import pytest

from tests.architecture.house import Module, modules

NOT_PURE = {
    "asyncio", "asyncpg", "fastapi", "starlette", "granian", "httpx2", "aiosmtplib", "socket", "subprocess", "os", "random",
    "secrets", "time", "threading", "tempfile", "shutil", "pathlib", "structlog", "logging", "urllib.request", "cyclopts", "rich",
}  # fmt: skip
READS_CLOCK = {"now", "utcnow", "today"}
# What a pure file may use of an otherwise forbidden module, and why.
ALLOWED = {
    ("muster.kit.ids", "secrets"): "identifiers need randomness; they are made in one place",
    ("muster.kit.clock", "datetime"): "declares the clock",
}
PURE_GROUND = {"muster.base.access", "muster.base.settings", "muster.base.features"}


def imports_of(module: Module) -> list[tuple[str, int]]:
    """Imports of a pure file that it may not have."""
    wrong = []
    for name, line in module.imports:
        root = name.split(".")[0]
        forbidden = root in NOT_PURE or any(name.startswith(each + ".") for each in NOT_PURE if "." in each)
        if forbidden and (module.name, root) not in ALLOWED:
            wrong.append((name, line))
        if name.startswith("muster.base.") and not any(name.startswith(each) for each in PURE_GROUND):
            wrong.append((name, line))
    return wrong


def test_pure_files_import_nothing_that_acts() -> None:
    wrong = [
        f"{module}:{line} imports {name}" for module in modules() if module.pure for name, line in imports_of(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_pure_files_import_no_acting_file_of_a_feature() -> None:
    acting = {module.name for module in modules() if module.layer}
    wrong = [
        f"{module}:{line} imports {name}"
        for module in modules()
        if module.pure
        for name, line in module.imports
        if any(name == each or name.startswith(each + ".") for each in acting)
    ]
    assert not wrong, "\n".join(wrong)


def test_pure_files_have_no_coroutines() -> None:
    wrong = [
        f"{module}:{node.lineno} {node.name}"
        for module in modules()
        if module.pure
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef) and not _declares(node)
    ]
    assert not wrong, "\n".join(wrong)


def _declares(node: ast.AsyncFunctionDef) -> bool:
    """A method of a protocol: a docstring and dots."""
    last = node.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant)


CLOCKS = {"muster.base.db.clock": "is the database's clock", "muster.base.postgres": "measures its own child process"}


@pytest.mark.parametrize("module", modules(), ids=str)
def test_nobody_reads_the_wall_clock(module: Module) -> None:
    if any(module.name.startswith(each) for each in CLOCKS):
        return
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
        assert not (name in ("datetime", "date") and node.func.attr in READS_CLOCK), (
            f"{module}:{node.lineno} reads the clock"
        )
        assert not (name == "time" and node.func.attr in ("time", "time_ns")), f"{module}:{node.lineno} reads the clock"
        assert not (name == "Instant" and node.func.attr == "now"), f"{module}:{node.lineno} reads the clock"
