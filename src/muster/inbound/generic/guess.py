"""What an unknown webhook probably means, from the names that monitoring systems give their fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from muster.inbound.bounded import flat
from muster.inbound.generic.words import LABELS, LATE, NAMES, PEOPLE, PER_EVENT
from muster.inbound.places import squeezed
from muster.inbound.text import clean, compact, scalar

_OVER = "resolved|recovered|recovery|ok|cleared"
_MARK = re.compile(r"\[[^\[\]]*\]")
_SCOPED = re.compile(r"\s*\[[\w -]{1,40} on (\{[^\[\]]*\})\]\s", re.IGNORECASE)
_STATE_WORD = re.compile(
    rf"\b(?:{_OVER}|up|closed|alerting|firing|triggered|problem|down|critical|warning)\b", re.IGNORECASE
)
_READING = re.compile(r"(?<=[=<>])\s*-?\d+(?:[.,]\d+)?|-?\b\d+(?:[.,]\d+)?(?=\s*%)")
_DEEPEST = 4
_MOST = 2000


@dataclass(frozen=True, slots=True)
class FieldIndex:
    """The scalars of a document by squeezed name, the shallowest of each name, with how deep each stands."""

    values: dict[str, Any] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)


def index(document: Mapping[str, Any]) -> FieldIndex:
    """What can be found in a document by name; who did it is left out."""
    found = FieldIndex()
    for name, entry, depth in _walk(document):
        text = scalar(entry)
        short = squeezed(name)
        if text and text.strip() and short not in found.values:
            found.values[short], found.depths[short] = entry, depth
    return found


def pick(found: FieldIndex, field: str) -> Any:
    """The value for a field of the signal, by the first of its usual names; None where no name is there.

    A title's names that say little count by how near to the top they stand: a message outranks the name of a part.
    """
    there = [name for name in NAMES[field] if name in found.values and found.values[name] not in (0, "0")]
    if field == "title":
        there.sort(key=lambda name: found.depths[name] + 1 if name in LATE else 0)
    return found.values[there[0]] if there else None


def key_of(found: FieldIndex, title: str) -> str:
    """What identifies the alert; empty where only the title may. An event's own id is none where the title has a scope."""
    there = [name for name in NAMES["key"] if name in found.values and found.values[name] not in (0, "0")]
    if _SCOPED.match(title):
        there = [name for name in there if name not in PER_EVENT]
    return compact(found.values[there[0]]) if there else ""


def nameless(title: str) -> str:
    """A title without what changes between firing and resolved, to identify an alert that has no key."""
    text = title[:500]
    scoped = _SCOPED.match(text)
    plain = _STATE_WORD.sub(" ", _MARK.sub(" ", _READING.sub(" ", text))).lower().replace(":", " ")
    return " ".join([*plain.split(), *([scoped.group(1)] if scoped else [])])


def labels_in(document: Mapping[str, Any], found: FieldIndex) -> dict[str, str]:
    """The labels or tags of a document, and its well-known fields such as host and service."""
    known = {name: compact(entry) for name, entry in found.values.items() if name in LABELS}
    labels = {name: text for name, text in known.items() if len(text) <= 500}
    for name, entry, _ in _walk(document, containers=True):
        if squeezed(name) not in ("labels", "tags", "commonlabels"):
            continue
        if isinstance(entry, dict):
            labels.update(flat(entry))
        elif isinstance(entry, list):
            labels.update(_tags(entry))
    name = pick(found, "name")
    return {**({"alertname": compact(name)} if name is not None else {}), **labels}


def _tags(entries: list[Any]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for entry in entries[:200]:
        if isinstance(entry, str):
            name, mark, rest = entry.partition(":" if ":" in entry else "=")
            tags[clean(name).strip() or "tag"] = clean(rest).strip() if mark else "true"
        elif isinstance(entry, dict) and scalar(entry.get("name")):
            tags[compact(entry["name"])] = compact(entry.get("value")) or "true"
    return tags


def _walk(document: Mapping[str, Any], containers: bool = False) -> Iterator[tuple[str, Any, int]]:
    """Members by increasing depth, with it; lists of one object count as that object."""
    level: list[Mapping[str, Any]] = [document]
    seen = 0
    for depth in range(_DEEPEST):
        below: list[Mapping[str, Any]] = []
        for record in level:
            for name, entry in record.items():
                seen += 1
                if seen > _MOST:
                    return
                inner = entry[0] if isinstance(entry, list) and len(entry) == 1 else entry
                if isinstance(inner, dict) and squeezed(name) not in PEOPLE:
                    below.append(inner)
                if containers or not isinstance(entry, dict | list):
                    yield name, entry, depth
        level = below
