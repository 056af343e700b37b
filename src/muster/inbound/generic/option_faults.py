"""Everything wrong with a mapping, told when it is set: a mistake that is passed over could end or swallow alerts."""

from collections.abc import Mapping
from typing import Any

from muster.inbound.generic.kept_samples import sample_faults
from muster.inbound.generic.paths import LONGEST, check, has_path
from muster.inbound.generic.rules import ALIASES, FIELDS, GROUPS, OPTIONS, SEVERITIES, WHEN
from muster.inbound.options import unknown_options
from muster.inbound.text import scalar, shorten
from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean

_MEANT = {"in": "values", "value": "values", "is": "values", "equals": "values", "eq": "values", "any": "values"}
_MEANT_PATH = {"field": "path", "name": "path", "key": "path", "expression": "path", "jsonpath": "path"}
_EXAMPLE = 'Write {"path": "$.state", "values": ["ok"]}.'
_TELLING = ("key", "status")
"""Fields that would make all reports one, or end them all, if they were the same text each time."""


def option_faults(options: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything wrong with an integration's options, for whoever edits them; `rules_of` is then free of surprises."""
    faults = list(unknown_options(options, OPTIONS))
    faults += _mapping_faults(options.get("mapping", {}))
    faults += _items_faults(options.get("items", ""))
    if options.get("produces", "signal") not in ("signal", "change"):
        faults.append(Fault("produces", "An integration produces signals or changes.", "Write signal or change."))
    for name in WHEN:
        if name in options:
            faults += _when_faults(name, options[name])
    faults += _severity_faults(options.get("severities", {}))
    return tuple(faults or sample_faults(options))


def _mapping_faults(mapping: Any) -> list[Fault]:
    if not isinstance(mapping, Mapping):
        return [Fault("mapping", "The mapping is an object of fields to paths.", 'Write {"title": "$.name"}.')]
    faults = []
    for written, expression in mapping.items():
        name = ALIASES.get(str(written), str(written))
        if name in GROUPS:
            faults += _group_faults(name, expression)
        elif name not in FIELDS:
            known = (*FIELDS, *GROUPS)
            faults.append(Fault(f"mapping.{name:.80}", "A signal has no such field.", did_you_mean(name, known)))
        else:
            faults += _expression_faults(f"mapping.{name}", expression, telling=name in _TELLING)
    return faults


def _group_faults(name: str, group: Any) -> list[Fault]:
    if not isinstance(group, Mapping):
        return [Fault(f"mapping.{name}", "This is an object of names to paths.", 'Write {"team": "$.team"}.')]
    faults = []
    for key, entry in group.items():
        if not str(key).strip():
            faults.append(Fault(f"mapping.{name}", "A name is empty.", "Name every entry."))
        faults += _expression_faults(f"mapping.{name}.{key:.80}", entry)
    return faults


def _expression_faults(place: str, expression: Any, telling: bool = False) -> list[Fault]:
    if not isinstance(expression, str):
        return [Fault(place, "A path is a text.", 'Write "$.alert.name".')]
    if wrong := check(expression):
        return [Fault(place, wrong, "Begin with $ and name each step, such as $.alert.name.")]
    if not expression.strip():
        return [Fault(place, "The path is empty.", "Write it, or leave the field out.")]
    if telling and not has_path(expression):
        rule = "This is a fixed text: it would say the same of every report."
        return [Fault(place, rule, f"Write a path: $.{shorten(expression.strip(), 60)}, perhaps?")]
    return []


def _items_faults(items: Any) -> list[Fault]:
    if items == "":
        return []
    if not isinstance(items, str) or not items.strip().startswith("$") or len(items) > LONGEST:
        return [Fault("items", "This is the path of a list.", 'Write "$.alerts".')]
    return _expression_faults("items", items)


def _when_faults(name: str, written: Any) -> list[Fault]:
    if not isinstance(written, Mapping):
        return [Fault(name, "A condition has a path and values.", _EXAMPLE)]
    faults = [
        Fault(f"{name}.{key:.80}", "A condition has no such part.", _meant(str(key)))
        for key in written
        if key not in ("path", "values")
    ]
    path = written.get("path")
    if not isinstance(path, str) or not path.strip():
        faults.append(Fault(f"{name}.path" if "path" in written else name, "A condition has a path.", _EXAMPLE))
    elif wrong := check(path):
        faults.append(Fault(f"{name}.path", wrong, _EXAMPLE))
    elif any(not part.strip().startswith("$") for part in path.split("||")) and "{{" not in path:
        rule = "A condition looks at what is sent: a fixed text in it would always hold."
        faults.append(Fault(f"{name}.path", rule, f"Write a path: $.{shorten(path.strip(), 60)}, perhaps?"))
    elif not has_path(path):
        faults.append(Fault(f"{name}.path", "A condition looks at what is sent, and this names no path.", _EXAMPLE))
    elif "{{" in path and "values" not in written:
        faults.append(Fault(f"{name}.values", "A text with holes is never empty: say which values count.", _EXAMPLE))
    return faults + (_value_faults(f"{name}.values", written["values"]) if "values" in written else [])


def _value_faults(place: str, values: Any) -> list[Fault]:
    if not isinstance(values, list) or any(scalar(entry) is None for entry in values):
        return [Fault(place, "The values are a list of texts and numbers.", _EXAMPLE)]
    if not values:
        return [Fault(place, "The list is empty: nothing would meet the condition.", "List the values that count.")]
    if any(not (scalar(entry) or "").strip() for entry in values):
        return [Fault(place, "A value is empty: what is not sent at all would meet it.", "Leave it out.")]
    return []


def _meant(key: str) -> str:
    meant = _MEANT.get(key.lower()) or _MEANT_PATH.get(key.lower())
    return f"Did you mean `{meant}`?" if meant else did_you_mean(key, ("path", "values"))


def _severity_faults(severities: Any) -> list[Fault]:
    if not isinstance(severities, Mapping):
        rule = f"Each word maps to {', '.join(SEVERITIES)}."
        return [Fault("severities", rule, 'Write {"5": "critical"}.')]
    return [
        Fault("severities", f"`{word!s:.40}` maps to no severity.", did_you_mean(f"{named!s:.40}", SEVERITIES))
        for word, named in severities.items()
        if named not in SEVERITIES
    ]
