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
    """A field without fields of its own; `depth` says how far in it stands."""

    path: str
    text: str
    depth: int


def leaves(body: str) -> list[Leaf]:
    """The fields of a body in their order; none where it is no JSON. What a mapping cannot name is left out."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found: list[Leaf] = []
    pending: list[tuple[str, Any, int]] = [("$", document, 0)]
    while pending and len(found) < MOST:
        path, value, depth = pending.pop(0)
        if isinstance(value, dict):
            named = [(_step(str(name)), entry) for name, entry in value.items()]
            pending[:0] = [(f"{path}{step}", entry, depth + 1) for step, entry in named if step][:MOST]
        elif isinstance(value, list):
            pending[:0] = [(f"{path}[{number}]", entry, depth + 1) for number, entry in enumerate(value[:20])]
        elif path != "$":
            found.append(Leaf(path, _text(value), depth))
    return found


def _step(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return f".{name}"
    return f"['{name}']" if "'" not in name and name else ""


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
