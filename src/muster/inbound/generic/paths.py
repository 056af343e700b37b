"""Path expressions such as `$.alert.name`: a small part of JSONPath, with alternatives and templates.

`$.a.b` and `$['a']['b']` are members, `$.list[0]` and `$.list[-1]` elements, `$.list[*].name` all of them.
`$.a || $.b || some text` takes the first that is there; `{{ $.name }} on {{ $.host }}` is a text with holes.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from muster.inbound.text import compact, scalar

LONGEST = 1000
MOST_STEPS = 32
MOST_RESULTS = 1000
_STEP = re.compile(r"""\.([^.\[\]\s'"|{}]+)|\[(-?\d{1,6})\]|\[(\*)\]|\['([^']*)'\]|\["([^"]*)"\]""")
_HOLE = re.compile(r"\{\{([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled path: names, positions, or None for every element."""

    steps: tuple[str | int | None, ...]

    def find(self, document: Any) -> Any:
        """What stands there; None where nothing does; a list where the path has `[*]`."""
        found, many = [document], False
        for step in self.steps:
            if step is None:
                many = True
                found = [item for value in found if isinstance(value, list) for item in value][:MOST_RESULTS]
            else:
                found = [item for value in found if (item := _step(value, step)) is not None]
        if many:
            return found or None
        return found[0] if found else None


def _step(value: Any, step: str | int) -> Any:
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    if isinstance(value, list) and -len(value) <= step < len(value):
        return value[step]
    return None


@lru_cache(maxsize=1024)
def compile_path(text: str) -> Path:
    """Compile a path that begins with `$`.

    Raises:
        ValueError: with a sentence that shows where it goes wrong.
    """
    written = text.strip()
    if not written.startswith("$") or len(written) > LONGEST:
        raise ValueError(f"{text[:80]!r} is not a path: begin with $, as in $.alert.name.")
    position, steps = 1, []
    while position < len(written):
        found = _STEP.match(written, position)
        if not found:
            raise ValueError(
                f"{text[:80]!r} cannot be read from {written[position:][:20]!r}: write .name, ['name'] or [0]."
            )
        name, index, every, single, double = found.groups()
        steps.append(None if every else int(index) if index is not None else name or single or double or "")
        position = found.end()
    if len(steps) > MOST_STEPS:
        raise ValueError(f"A path has at most {MOST_STEPS} steps.")
    return Path(tuple(steps))


def check(expression: str) -> str:
    """What is wrong with an expression, as a sentence; empty where nothing is."""
    try:
        if len(expression) > LONGEST:
            raise ValueError(f"An expression has at most {LONGEST} characters.")
        for path in _paths(expression):
            compile_path(path)
    except ValueError as error:
        return str(error)
    return ""


def has_path(expression: str) -> bool:
    """Whether an expression looks anywhere, so that it is not the same text for every document."""
    return bool(_paths(expression)) if "{{" not in expression or _HOLE.search(expression) else False


def value(expression: str, document: Any) -> Any:
    """What an expression gives for a document; None where nothing is there, or where the expression cannot be read."""
    if "{{" in expression:
        return _HOLE.sub(lambda hole: _text(value(hole.group(1), document)), expression)
    for part in expression.split("||"):
        written = part.strip()
        found = _find(written, document) if written.startswith("$") else written
        if found is not None and found != "":
            return found
    return None


def text(expression: str, document: Any) -> str:
    """The same as text; the elements of a list are joined."""
    return _text(value(expression, document))


def _find(written: str, document: Any) -> Any:
    try:
        return compile_path(written).find(document)
    except ValueError:
        return None


def _text(found: Any) -> str:
    if isinstance(found, list) and not any(isinstance(item, dict | list) for item in found):
        return ", ".join(text for item in found if (text := scalar(item)))
    return compact(found)


def _paths(expression: str) -> list[str]:
    parts = _HOLE.findall(expression) if "{{" in expression else [expression]
    if "{{" in expression and not parts:
        raise ValueError("A hole is written {{ $.name }}.")
    return [part.strip() for whole in parts for part in whole.split("||") if part.strip().startswith("$")]
