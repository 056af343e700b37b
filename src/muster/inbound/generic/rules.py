"""How an integration says what its JSON means: a field of the signal to a path, and when it counts as resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from muster.alerts.signal import SeverityHint
from muster.inbound.generic.paths import check, has_path, text, value
from muster.inbound.text import scalar

FIELDS = (
    "key",
    "title",
    "status",
    "description",
    "severity",
    "starts_at",
    "ends_at",
    "group_hint",
    "next_step",
    "url",
    "kind",
)
GROUPS = ("labels", "annotations", "links")
WHEN = ("resolved_when", "acknowledged_when", "ignored_when")
MAPPED = ("mapping", "items", "produces", *WHEN)
"""Options that only somebody writes who has mapped what is sent."""
OPTIONS = (*MAPPED, "severities", "samples")
SEVERITIES = ("critical", "high", "medium", "low")
ALIASES = {"severity_hint": "severity", "group": "group_hint"}
NO = ("", "false", "no", "0", "null", "none", "off")


@dataclass(frozen=True, slots=True)
class When:
    """A condition: the value at `path` is one of `values`, capitals aside; with no values, that anything is there.

    Nothing is there where the value is empty, zero, or a word for no such as `false`.
    """

    path: str
    values: tuple[str, ...] = ()

    def holds(self, document: Any) -> bool:
        """Whether the document meets it."""
        found = value(self.path, document)
        if found in (None, "", [], {}):
            return False
        said = text(self.path, document).strip().lower()
        return said in self.values if self.values else said not in NO


@dataclass(frozen=True, slots=True)
class Rules:
    """An integration's mapping; whatever it leaves open is guessed."""

    fields: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    items: str = ""
    produces: Literal["signal", "change"] = "signal"
    severities: Mapping[str, SeverityHint] = field(default_factory=dict)
    resolved_when: When | None = None
    acknowledged_when: When | None = None
    ignored_when: When | None = None


def rules_of(options: Mapping[str, Any]) -> Rules:
    """The rules in an integration's options; whatever is unusable in them is passed over, so that intake never fails."""
    mapping = options.get("mapping")
    named = {ALIASES.get(name, name): entry for name, entry in mapping.items()} if isinstance(mapping, Mapping) else {}
    severities = options.get("severities")
    items = options.get("items")
    return Rules(
        fields={name: entry for name, entry in named.items() if name in FIELDS and isinstance(entry, str)},
        labels=_group(named.get("labels")),
        annotations=_group(named.get("annotations")),
        links=_group(named.get("links")),
        items=items if isinstance(items, str) else "",
        produces="change" if options.get("produces") == "change" else "signal",
        severities={str(word).lower(): name for word, name in severities.items() if name in SEVERITIES}
        if isinstance(severities, Mapping)
        else {},
        resolved_when=_when(options.get("resolved_when")),
        acknowledged_when=_when(options.get("acknowledged_when")),
        ignored_when=_when(options.get("ignored_when")),
    )


def _when(written: Any) -> When | None:
    """A condition that can be used; what is mistyped holds never, since it must not end or swallow anything."""
    if not isinstance(written, Mapping) or set(written) - {"path", "values"}:
        return None
    path, values = written.get("path"), written.get("values")
    if not isinstance(path, str) or check(path) or not has_path(path):
        return None
    listed = values if isinstance(values, list) else []
    words = tuple(word.strip().lower() for entry in listed if (word := scalar(entry)) and word.strip())
    return When(path, words) if words or "values" not in written else None


def _group(written: Any) -> dict[str, str]:
    if not isinstance(written, Mapping):
        return {}
    return {str(name): entry for name, entry in written.items() if isinstance(entry, str)}
