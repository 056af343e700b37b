"""A mapping as the page holds it: fields to paths, how a recovery is told, and the two samples it must do right."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

FIELDS = ("key", "title", "severity", "description")
PICKED = (*FIELDS, "recovery")
Line = Annotated[str, StringConstraints(max_length=20_000)]


class MappingForm(BaseModel):
    """The paths of some of `FIELDS`; `recovery` is the path and `values` the words that mean it is over.

    `pick` asks to take a field and a path from the tree, `save` to keep the mapping.
    """

    key: Line = ""
    title: Line = ""
    severity: Line = ""
    description: Line = ""
    recovery: Line = ""
    values: Line = ""
    fired: Line = ""
    over: Line = ""
    pick: Line = ""
    save: Line = ""

    def picked(self) -> "MappingForm":
        """With the field that was picked from the tree."""
        name, _, path = self.pick.partition(" ")
        return self.model_copy(update={name: path}) if name in PICKED else self

    def options(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The options that this asks for; what the page does not show stays as it is kept, but for the samples."""
        kept_mapping = kept.get("mapping")
        mapping = dict(kept_mapping) if isinstance(kept_mapping, Mapping) else {}
        for name in FIELDS:
            mapping.pop(name, None)
            if path := getattr(self, name).strip():
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
        **{name: str(mapping[name]) for name in FIELDS if name in mapping},
        recovery=str(when.get("path", "")),
        values=", ".join(str(value) for value in when.get("values", [])),
        fired=texts[0] if texts else "",
        over=texts[1] if len(texts) > 1 else "",
    )


def _record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
