"""Turns a model's validation errors into faults that say the rule and the fix, and point into the document."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import ErrorDetails, PydanticCustomError

from muster.kit.duration import format_duration
from muster.kit.errors import MOST_FAULTS, Broken, Fault, Invalid
from muster.kit.nearest import did_you_mean, nearest
from muster.kit.yamldoc import Document, Path

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
    errors = error.errors(include_url=False)
    details = errors[:MOST_FAULTS]
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
    if more := len(errors) - len(details):
        faults.append(Fault(".".join(map(str, under)), f"And {more:,} more.", "Mend these first."))
    return faults


def broken_at(places: Iterable[tuple[Path, Broken]], error: ValidationError | None = None) -> ValidationError:
    """What a validator raises that looks at several parts of its value: each fault stands at its place in it.

    `error` is what else is wrong with the value; all of it is told at once.
    """
    details = error.errors(include_url=False) if error else []
    own = [(detail["type"], detail["msg"], detail.get("ctx", {}), detail["loc"], detail["input"]) for detail in details]
    more = [("broken", str(broken), {"error": broken}, place, None) for place, broken in places]
    return ValidationError.from_exception_data(
        "",
        [
            {"type": PydanticCustomError(kind, words, context), "loc": place, "input": value}
            for kind, words, context, place, value in (*own, *more)
        ],
    )


def refused(title: str, model: type[BaseModel]) -> WrapValidator:
    """For the type of a request's body: what is wrong with it is refused in the sentences of `faults_of`."""

    def read(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            raise Invalid(title, faults=faults_of(error, model)) from None

    return WrapValidator(read)


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
        return _sentence(str(raised)), ""
    if kind == "missing":
        return f"`{name}` is missing.", f"Add `{name}`{_example(schema, detail['loc'])}."
    if kind == "extra_forbidden":
        return f"`{name}` is not a known field here.", did_you_mean(name, known_fields(schema, detail["loc"][:-1]))
    if kind in ("literal_error", "enum"):
        choices = [choice.strip(" '") for choice in str(context.get("expected", "")).replace(" or ", ", ").split(",")]
        return f"`{detail['input']}` is not one of the choices.", did_you_mean(str(detail["input"]), choices)
    if kind in _BOUNDS:
        return _bound(kind, context, detail["input"])
    if kind in _KINDS:
        wanted, fix = _KINDS[kind]
        return f"{_shown(detail['input'])} stands where {wanted} belongs.", fix
    return _sentence(detail["msg"]), ""


def _bound(kind: str, context: Mapping[str, Any], value: object) -> tuple[str, str]:
    key, rule, fix = _BOUNDS[kind]
    limit = context.get(key)
    shown = format_duration(limit) if isinstance(limit, timedelta) else str(limit)
    return rule.format(value=_shown(value), limit=shown), fix.format(limit=shown)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


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


def _example(schema: Mapping[str, Any], path: Path) -> str:
    """How the schema says that a field may be written, for a sentence."""
    field = _step(_part(schema, path[:-1]), path[-1]) if path else {}
    examples = field.get("examples")
    if not examples:
        return ""
    written = yaml.safe_dump([examples[0]], default_flow_style=True).strip()[1:-1].replace("'", '"')
    return f", such as `{path[-1]}: {written}`"


def known_fields(schema: Mapping[str, Any], path: Iterable[str | int]) -> list[str]:
    """The field names that a JSON Schema knows at `path`; empty where it cannot tell."""
    return list(_part(schema, path).get("properties", {}))


def _part(schema: Mapping[str, Any], path: Iterable[str | int]) -> Mapping[str, Any]:
    """What a JSON Schema says of `path`, as far as it can tell; of several alternatives the one that has fields."""
    parts = list(_alternatives(schema, schema))
    for step in path:
        parts = [found for part in parts for found in _alternatives(schema, _step(part, step))]
    return next((part for part in parts if "properties" in part), parts[0])


def _step(here: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    if isinstance(step, int):
        below = here.get("items") or {}
    else:
        keyed = next(iter(here.get("patternProperties", {}).values()), None)
        below = here.get("properties", {}).get(step) or here.get("additionalProperties") or keyed or {}
    return below if isinstance(below, Mapping) else {}


def _alternatives(root: Mapping[str, Any], part: Mapping[str, Any], deep: int = 8) -> Iterator[Mapping[str, Any]]:
    """What a part may be: references are followed, and of several alternatives each stands for itself."""
    if "$ref" in part and deep:
        yield from _alternatives(root, root["$defs"][part["$ref"].rsplit("/", 1)[-1]], deep - 1)
    elif "anyOf" in part and deep:
        for alternative in part["anyOf"]:
            yield from _alternatives(root, alternative, deep - 1)
    else:
        yield part
