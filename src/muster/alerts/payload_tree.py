"""The fields of a payload with the paths by which a mapping names them, so that one can be picked instead of typed."""

import json
import re
from dataclasses import dataclass
from typing import Any

MOST = 200
LONGEST = 200
_PLAIN = re.compile(r"[^.\[\]\s'\"|{}]+")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field of a payload without fields of its own, with the path by which a mapping names it."""

    path: str
    text: str


def leaves(body: str) -> list[Leaf]:
    """The fields of a body in their order; none where it is no JSON. What a mapping cannot name is left out."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    fields: list[Leaf] = []
    pending: list[tuple[str, Any]] = [("$", document)]
    while pending and len(fields) < MOST:
        path, value = pending.pop(0)
        if isinstance(value, dict):
            named = [(_step(str(name)), entry) for name, entry in value.items()]
            pending[:0] = [(f"{path}{step}", entry) for step, entry in named if step][:MOST]
        elif isinstance(value, list):
            pending[:0] = [(f"{path}[{number}]", entry) for number, entry in enumerate(value[:20])]
        elif path != "$":
            fields.append(Leaf(path, _text(value)))
    return fields


def _step(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return f".{name}"
    return f"['{name}']" if "'" not in name and name else ""


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
