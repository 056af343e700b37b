"""Samples of typed views, made from their types: one with everything there, one with nothing."""

import types
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel

from muster.kit.rules import Condition

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_PLAIN: dict[Any, tuple[Any, Any]] = {
    str: ("text", ""),
    int: (2, 0),
    float: (2.5, 0.0),
    bool: (True, False),
    bytes: (b"1", b""),
    datetime: (NOW, NOW),
    date: (NOW.date(), NOW.date()),
    time: (NOW.time(), NOW.time()),
    timedelta: (timedelta(minutes=5), timedelta(0)),
    UUID: (UUID(int=1), UUID(int=2)),
    object: ("text", ""),
    Any: ("text", ""),
    Condition: (Condition.compile("true"), Condition.compile("false")),
}
"""Values of what is not made of fields: one that is there, and one that is empty."""

_NAMED = {"icon": "todo"}
"""What texts hold that are names of something."""


def sample(kind: Any, *, full: bool) -> Any:
    """A value of a type: `full` with every optional part, items in every list, true; else with none of it."""
    if kind in _PLAIN:
        return _PLAIN[kind][0 if full else 1]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return sample(arguments[0], full=full)
    if origin is Literal:
        return arguments[0 if full else -1]
    if origin in (Union, types.UnionType):
        if type(None) in arguments and not full:
            return None
        return sample(next(member for member in arguments if member is not type(None)), full=full)
    if origin is tuple and ... not in arguments:
        return tuple(sample(member, full=full) for member in arguments)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {sample(arguments[0], full=True): sample(arguments[1], full=True)} if full else {}
    if isinstance(origin, type):
        items = [sample(arguments[0], full=True), sample(arguments[0], full=False)] if full else []
        if issubclass(origin, AbstractSet):
            return frozenset(items)
        return tuple(items) if origin is tuple else items
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[0 if full else -1]
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, full)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return kind(*(sample(hint, full=full) for hint in get_type_hints(kind).values()))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        hints = get_type_hints(kind)
        return kind.model_construct(**{name: sample(hints[name], full=full) for name in kind.model_fields})
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return {}
    return kind("text")


def _dataclass(kind: type, full: bool) -> Any:
    hints = get_type_hints(kind, include_extras=True)
    values = {}
    for field in fields(kind):
        if not field.init:
            continue
        usual = field.default is not MISSING or field.default_factory is not MISSING
        if full or not usual:
            values[field.name] = _NAMED.get(field.name) or sample(hints[field.name], full=full)
    return kind(**values)
