"""What an unknown webhook probably means, from the names that monitoring systems give their fields."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from muster.alerts.signal import SignalStatus
from muster.integrations.inbound.bounded import flat
from muster.integrations.inbound.generic.words import ACKNOWLEDGED, FIRING, LABELS, NAMES, PEOPLE, RESOLVED
from muster.integrations.inbound.places import squeezed
from muster.integrations.inbound.text import clean, compact, scalar

_OVER = "resolved|recovered|recovery|ok|cleared"
_SAID = re.compile(
    rf"^\W*(?:{_OVER})\s*[:\]\u2013-]|\[[^\[\]\w]*(?:{_OVER}|up|closed)[^\[\]\w]*\]|\bback to normal\b|\bhas recovered\b"
    r"|\brecovered from\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[[^\[\]]*\]")
_STATE_WORD = re.compile(
    rf"\b(?:{_OVER}|up|closed|alerting|firing|triggered|problem|down|critical|warning)\b", re.IGNORECASE
)
_DEEPEST = 4
_MOST = 2000


def index(document: Mapping[str, Any]) -> dict[str, Any]:
    """The scalars of a document by squeezed name, the shallowest of each name; who did it is left out."""
    found: dict[str, Any] = {}
    for name, entry in _walk(document):
        text = scalar(entry)
        if text and text.strip():
            found.setdefault(squeezed(name), entry)
    return found


def pick(found: Mapping[str, Any], field: str) -> Any:
    """The value for a field of the signal, by the first of its usual names; None where no name is there."""
    if field == "status":
        return status_word(found) or None
    return next((found[name] for name in NAMES[field] if name in found and found[name] not in (0, "0")), None)


def status_word(found: Mapping[str, Any]) -> str:
    """The word that tells a document's status: the first of the usual names whose value is a known word, else none."""
    words = [compact(found[name]) for name in NAMES["status"] if name in found]
    return next((word for word in words if _plain(word) in RESOLVED | ACKNOWLEDGED | FIRING), "")


def status_of(word: str, title: str) -> SignalStatus:
    """What a status word means; without one the title may tell (`[OK] …`), and otherwise it is firing."""
    plain = _plain(word)
    if plain in RESOLVED:
        return "resolved"
    if plain in ACKNOWLEDGED:
        return "acknowledged"
    return "resolved" if plain not in FIRING and _SAID.search(title[:500]) else "firing"


def _plain(word: str) -> str:
    """The word itself, or what follows the last dot of one such as `incident.resolved`."""
    return squeezed(word[:200].rpartition(".")[2])


def nameless(title: str) -> str:
    """A title without what changes between firing and resolved, to identify an alert that has no key."""
    return " ".join(_STATE_WORD.sub(" ", _MARK.sub(" ", title[:500])).lower().replace(":", " ").split())


def labels_in(document: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, str]:
    """The labels or tags of a document, and its well-known fields such as host and service."""
    labels = {name: compact(found[name]) for name in found if name in LABELS and len(compact(found[name])) <= 500}
    for name, entry in _walk(document, containers=True):
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


def _walk(document: Mapping[str, Any], containers: bool = False) -> Iterator[tuple[str, Any]]:
    """Members by increasing depth; lists of one object count as that object."""
    level: list[Mapping[str, Any]] = [document]
    seen = 0
    for _ in range(_DEEPEST):
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
                    yield name, entry
        level = below
