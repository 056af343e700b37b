"""Turns a model's validation errors into faults that say the rule and the fix, and point into the document."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from muster.kit.duration import format_duration
from muster.kit.errors import MOST_FAULTS, Fault
from muster.kit.nearest import did_you_mean, nearest
from muster.kit.yamldoc import Document, Path


class Broken(ValueError):
    """Raised by a validator that knows the fix as well as the rule."""

    def __init__(self, rule: str, fix: str = "") -> None:
        super().__init__(rule)
        self.rule, self.fix = rule, fix


_KINDS = {
    "string_type": ("a text", "Quote it."),
    "int_type": ("a whole number", "Write digits only."),
    "int_parsing": ("a whole number", "Write digits only."),
    "int_from_float": ("a whole number", "Drop the fraction."),
    "float_type": ("a number", "Write digits only."),
    "float_parsing": ("a number", "Write digits only."),
    "bool_type": ("true or false", "Write true or false."),
    "bool_parsing": ("true or false", "Write true or false."),
    "dict_type": ("a mapping", "Write `key: value` lines."),
    "mapping_type": ("a mapping", "Write `key: value` lines."),
    "model_type": ("a mapping", "Write `key: value` lines."),
    "model_attributes_type": ("a mapping", "Write `key: value` lines."),
    "dataclass_type": ("a mapping", "Write `key: value` lines."),
    "list_type": ("a list", "Write it as [one, two], or one `- item` a line."),
    "tuple_type": ("a list", "Write it as [one, two], or one `- item` a line."),
    "set_type": ("a list", "Write it as [one, two], or one `- item` a line."),
    "frozen_set_type": ("a list", "Write it as [one, two], or one `- item` a line."),
}

_BOUNDS = {
    "less_than_equal": ("le", "{value} is more than is allowed here.", "Write at most {limit}."),
    "greater_than_equal": ("ge", "{value} is less than is allowed here.", "Write at least {limit}."),
    "less_than": ("lt", "{value} is more than is allowed here.", "Write less than {limit}."),
    "greater_than": ("gt", "{value} is less than is allowed here.", "Write more than {limit}."),
    "too_short": ("min_length", "There are too few items here.", "Write at least {limit}."),
    "too_long": ("max_length", "There are too many items here.", "Write at most {limit}."),
    "string_too_short": ("min_length", "{value} is too short.", "Write at least {limit} characters."),
    "string_too_long": ("max_length", "{value} is too long.", "Write at most {limit} characters."),
}


def faults_of(
    error: ValidationError,
    model: type[BaseModel] | TypeAdapter[Any],
    document: Document | None = None,
    under: Path = (),
) -> list[Fault]:
    """Every error of a failed validation as a fault; of very many the first, and how many more there are.

    `model` is what was validated (its fields serve to guess misspelt names); `under` is where in `document` the
    validated part stands. A field that is missing because it is misspelt is said once.
    """
    schema = model.json_schema() if isinstance(model, TypeAdapter) else _schema_of(model)
    found = error.errors(include_url=False)
    details = found[:MOST_FAULTS]
    unknown = {
        (*detail["loc"][:-1], nearest(str(detail["loc"][-1]), known_fields(schema, detail["loc"][:-1])))
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    faults = [
        _fault(detail, schema, document, under)
        for detail in details
        if not (detail["type"] == "missing" and detail["loc"] in unknown) and not _follows(detail, details)
    ]
    if more := len(found) - len(details):
        faults.append(Fault(".".join(map(str, under)), f"And {more:,} more.", "Mend these first."))
    return faults


@lru_cache(maxsize=64)
def _schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    return model.model_json_schema()


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is too short only because its items failed, which is already said of them."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(detail["loc"]) > len(loc) and detail["loc"][: len(loc)] == loc for detail in details
    )


def _fault(detail: ErrorDetails, schema: Mapping[str, Any], document: Document | None, under: Path) -> Fault:
    path: Path = (*under, *detail["loc"])
    unknown = detail["type"] == "extra_forbidden"
    rule, fix = _sentences(detail, schema)
    if document is None:
        return Fault(".".join(map(str, path)), rule, fix)
    missing = detail["type"] == "missing"
    shown = (*document.present(path[:-1]), path[-1]) if missing else document.present(path)
    line, column = document.mark(shown, key=unknown)
    return Fault(".".join(map(str, shown)), rule, fix, document.file, line, column)


def _sentences(detail: ErrorDetails, schema: Mapping[str, Any]) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    name = str(detail["loc"][-1]) if detail["loc"] else "the document"
    raised = context.get("error")
    if isinstance(raised, Broken):
        return raised.rule, raised.fix
    if kind == "value_error":
        return _split(str(raised))
    if kind == "missing":
        return f"`{name}` is missing.", f"Add `{name}`."
    if kind == "extra_forbidden":
        return f"`{name}` is not a known field here.", did_you_mean(name, known_fields(schema, detail["loc"][:-1]))
    if kind in ("literal_error", "enum"):
        choices = [one.strip(" '") for one in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return f"`{detail['input']}` is not one of the choices.", did_you_mean(str(detail["input"]), choices)
    if kind in _BOUNDS:
        return _bound(kind, context, detail["input"])
    if kind in _KINDS:
        wanted, fix = _KINDS[kind]
        return f"{_shown(detail['input'])} stands where {wanted} belongs.", fix
    return _split(detail["msg"])


def _bound(kind: str, context: Mapping[str, Any], value: object) -> tuple[str, str]:
    key, rule, fix = _BOUNDS[kind]
    limit = context.get(key)
    shown = format_duration(limit) if isinstance(limit, timedelta) else str(limit)
    return rule.format(value=_shown(value), limit=shown), fix.format(limit=shown)


def _split(text: str) -> tuple[str, str]:
    """A validator's sentences: the first is the rule, the rest the fix."""
    text = text[:1].upper() + text[1:]
    rule, dot, fix = text.partition(". ")
    return (rule + dot.strip() if dot else text.rstrip(".") + "."), fix


def _shown(value: object) -> str:
    if value is None:
        return "Nothing"
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, dict):
        return "A mapping"
    if isinstance(value, list | tuple):
        return "A list"
    return f"`{value!s:.40}`"


def known_fields(schema: Mapping[str, Any], path: Iterable[str | int]) -> list[str]:
    """The field names that a JSON Schema knows at `path`; empty where it cannot tell."""
    here = _resolved(schema, schema)
    for step in path:
        here = _resolved(schema, _step(here, step))
    return list(here.get("properties", {}))


def _step(here: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    if isinstance(step, int):
        found = here.get("items") or {}
    else:
        keyed = next(iter(here.get("patternProperties", {}).values()), None)
        found = here.get("properties", {}).get(step) or here.get("additionalProperties") or keyed or {}
    return found if isinstance(found, Mapping) else {}


def _resolved(root: Mapping[str, Any], here: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follows a reference, and of several alternatives takes the one that has structure."""
    for _ in range(8):
        if "$ref" in here:
            here = root["$defs"][here["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in here:
            here = next((one for one in here["anyOf"] if {"$ref", "properties", "items"} & set(one)), here["anyOf"][0])
        else:
            break
    return here
