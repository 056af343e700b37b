"""How an integration says what its JSON means: a field of the signal to a path, and when it counts as resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from muster.alerts.signal import SeverityHint
from muster.integrations.inbound.generic.paths import check, text, value
from muster.integrations.inbound.options import unknown_options
from muster.integrations.inbound.text import scalar
from muster.kit.errors import Fault

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
_GROUPS = ("labels", "annotations", "links")
_WHEN = ("resolved_when", "acknowledged_when", "ignored_when")
_OPTIONS = ("mapping", "items", "produces", "severities", *_WHEN)
_SEVERITIES = ("critical", "high", "medium", "low")
_ALIASES = {"severity_hint": "severity", "group": "group_hint"}


@dataclass(frozen=True, slots=True)
class When:
    """A condition: the value at `path` is one of `values`, capitals aside; with no values, that anything is there."""

    path: str
    values: tuple[str, ...] = ()

    def holds(self, document: Any) -> bool:
        """Whether the document meets it."""
        if not self.values:
            return value(self.path, document) not in (None, "", False, 0)
        return text(self.path, document).strip().lower() in self.values


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


def option_faults(options: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything wrong with an integration's options, for whoever edits them; `rules_of` is then free of surprises."""
    faults = list(unknown_options(options, _OPTIONS))
    mapping = options.get("mapping", {})
    if not isinstance(mapping, Mapping):
        return (*faults, Fault("mapping", "The mapping is an object of fields to paths.", 'Write {"title": "$.name"}.'))
    for name, expression in mapping.items():
        faults += _mapping_faults(_ALIASES.get(str(name), str(name)), expression)
    faults += _expression_faults("items", options.get("items", ""))
    if options.get("produces", "signal") not in ("signal", "change"):
        faults.append(Fault("produces", "An integration produces signals or changes.", "Write signal or change."))
    for name in _WHEN:
        faults += _when_faults(name, options.get(name))
    severities = options.get("severities", {})
    if not isinstance(severities, Mapping) or any(word not in _SEVERITIES for word in severities.values()):
        faults.append(Fault("severities", f"Each word maps to {', '.join(_SEVERITIES)}.", 'Write {"5": "critical"}.'))
    return tuple(faults)


def rules_of(options: Mapping[str, Any]) -> Rules:
    """The rules in an integration's options; whatever is unusable in them is passed over, so that intake never fails."""
    mapping = options.get("mapping")
    named = {_ALIASES.get(name, name): entry for name, entry in mapping.items()} if isinstance(mapping, Mapping) else {}
    severities = options.get("severities")
    items = options.get("items")
    return Rules(
        fields={name: entry for name, entry in named.items() if name in FIELDS and isinstance(entry, str)},
        labels=_group(named.get("labels")),
        annotations=_group(named.get("annotations")),
        links=_group(named.get("links")),
        items=items if isinstance(items, str) else "",
        produces="change" if options.get("produces") == "change" else "signal",
        severities={str(word).lower(): name for word, name in severities.items() if name in _SEVERITIES}
        if isinstance(severities, Mapping)
        else {},
        resolved_when=_when(options.get("resolved_when")),
        acknowledged_when=_when(options.get("acknowledged_when")),
        ignored_when=_when(options.get("ignored_when")),
    )


def _mapping_faults(name: str, expression: Any) -> list[Fault]:
    if name in _GROUPS:
        if not isinstance(expression, Mapping):
            return [Fault(f"mapping.{name}", "This is an object of names to paths.", 'Write {"team": "$.team"}.')]
        return [
            fault for key, entry in expression.items() for fault in _expression_faults(f"mapping.{name}.{key}", entry)
        ]
    if name not in FIELDS:
        return [Fault(f"mapping.{name}", "A signal has no such field.", f"Use {', '.join((*FIELDS, *_GROUPS))}.")]
    return _expression_faults(f"mapping.{name}", expression)


def _expression_faults(place: str, expression: Any) -> list[Fault]:
    if not isinstance(expression, str):
        return [Fault(place, "A path is a text.", 'Write "$.alert.name".')]
    wrong = check(expression)
    return [Fault(place, wrong)] if wrong else []


def _when_faults(name: str, written: Any) -> list[Fault]:
    if written is None:
        return []
    example = 'Write {"path": "$.state", "values": ["ok"]}.'
    if not isinstance(written, Mapping) or not isinstance(written.get("path"), str):
        return [Fault(name, "A condition has a path and values.", example)]
    values = written.get("values", [])
    usable = isinstance(values, list) and all(scalar(entry) is not None for entry in values)
    return _expression_faults(f"{name}.path", written["path"]) + (
        [] if usable else [Fault(f"{name}.values", "The values are a list of texts and numbers.", example)]
    )


def _when(written: Any) -> When | None:
    if not isinstance(written, Mapping) or not isinstance(written.get("path"), str):
        return None
    values = written.get("values")
    listed = values if isinstance(values, list) else []
    return When(written["path"], tuple(word.strip().lower() for entry in listed if (word := scalar(entry)) is not None))


def _group(written: Any) -> dict[str, str]:
    if not isinstance(written, Mapping):
        return {}
    return {str(name): entry for name, entry in written.items() if isinstance(entry, str)}
