"""A mapping as the page holds it: fields to paths, how a recovery is told, and the two samples it must do right."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FIELDS = ("key", "title", "severity", "description")
PICKED = (*FIELDS, "recovery")


@dataclass(frozen=True, slots=True)
class MappingForm:
    """`paths` maps some of `FIELDS`; `recovery` is the path and `values` the words that mean it is over."""

    paths: Mapping[str, str] = field(default_factory=dict)
    recovery: str = ""
    values: str = ""
    fired: str = ""
    over: str = ""

    def picked(self, name: str, path: str) -> "MappingForm":
        """With a field picked from the tree; the recovery's value is taken from the second sample by whoever looks."""
        if name == "recovery":
            return replace(self, recovery=path)
        return replace(self, paths={**self.paths, name: path}) if name in FIELDS else self

    def options(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The options that this asks for; what the page does not show stays as it is kept, but for the samples."""
        kept_mapping = kept.get("mapping")
        mapping = dict(kept_mapping) if isinstance(kept_mapping, Mapping) else {}
        for name in FIELDS:
            mapping.pop(name, None)
            if path := self.paths.get(name, "").strip():
                mapping[name] = path
        rest = {name: value for name, value in kept.items() if name not in ("mapping", "resolved_when", "samples")}
        options = {**rest, **({"mapping": mapping} if mapping else {})}
        if self.recovery.strip():
            words = [word.strip() for word in self.values.split(",") if word.strip()]
            options["resolved_when"] = {"path": self.recovery.strip(), **({"values": words} if words else {})}
        return options


def form_of(options: Mapping[str, Any]) -> MappingForm:
    """The form that shows the options of an integration."""
    mapping, when = _record(options.get("mapping")), _record(options.get("resolved_when"))
    samples = options.get("samples")
    payloads = [_record(sample).get("payload") for sample in samples] if isinstance(samples, list) else []
    texts = [json.dumps(payload, indent=2, ensure_ascii=False) for payload in payloads if payload]
    return MappingForm(
        paths={name: str(mapping[name]) for name in FIELDS if name in mapping},
        recovery=str(when.get("path", "")),
        values=", ".join(str(value) for value in when.get("values", [])),
        fired=texts[0] if texts else "",
        over=texts[1] if len(texts) > 1 else "",
    )


def _record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
