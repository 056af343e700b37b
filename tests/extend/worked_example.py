"""Applies a worked example of `docs/extend/` to a copy of the source: its files as they stand, its changes where they fit."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = (
    "src",
    "docs",
    "pyproject.toml",
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "scripts",
    "tests",
)
BLOCK = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def copied(folder: Path) -> Path:
    """A copy of what the example changes."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return folder


def apply_example(page: str, folder: Path) -> list[str]:
    """Write every file that a page shows, and make every change; returns their places."""
    places = []
    for language, place, text in BLOCK.findall((ROOT / "docs" / "extend" / page).read_text(encoding="utf-8")):
        target = folder / place
        if language == "diff":
            _change(target, text)
        else:
            assert not target.exists(), f"{place} is there already"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        places.append(place)
    return places


def _change(target: Path, diff: str) -> None:
    lines = diff.splitlines()
    before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = target.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"the change of {target.name} fits {text.count(before)} times"
    target.write_text(text.replace(before, after), encoding="utf-8")


def environment(folder: Path) -> dict[str, str]:
    """The environment in which the copy is what `import muster` finds."""
    return {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}", "PYTHONDONTWRITEBYTECODE": "1"}


def check(folder: Path, *tests: str) -> str:
    """Run tests of the architecture in the copy; empty if they pass, else what they say."""
    words = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    done = subprocess.run(words, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout[-6000:]
