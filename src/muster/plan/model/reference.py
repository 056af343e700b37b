"""Names that one part of the plan uses and another defines: marked in the model, found by one walk over what was written."""

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from muster.kit.yamldoc import Path

ReferenceKind = Literal["severity", "category", "policy", "level", "attester", "calendar", "target", "holder", "rule"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name as written: where it stands (`key`: as the key there), and what kind of thing it names."""

    kind: ReferenceKind
    path: Path
    name: str
    key: bool = False


@dataclass(frozen=True, slots=True)
class Refers:
    """Marks a field of the model whose text is a reference."""

    kind: ReferenceKind


@dataclass(frozen=True, slots=True)
class Spells:
    """Marks a field that may be written in short forms; `references` finds what any of them refers to."""

    references: Callable[[Any, Path], Iterator[Reference]]


def references(annotation: Any, data: Any, path: Path = (), marks: tuple[Any, ...] = ()) -> Iterator[Reference]:
    """Every reference in data as written, by the model's annotations; whatever has the wrong shape is passed over."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from references(inner, data, path, (*metadata, *marks))
        return
    if spells := next((mark for mark in marks if isinstance(mark, Spells)), None):
        yield from spells.references(data, path)
        return
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from references(option, data, path, marks)
    elif origin is tuple:
        items = list(enumerate(data)) if isinstance(data, list | tuple) else [(None, data)]
        for number, item in items:
            yield from references(get_args(annotation)[0], item, path if number is None else (*path, number))
    elif origin is dict:
        keys, values = get_args(annotation)
        yield from _mapping(keys, values, data, path)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _section(annotation, data, path)
    elif isinstance(data, str):
        yield from (Reference(mark.kind, path, data) for mark in marks if isinstance(mark, Refers))


def _mapping(keys: Any, values: Any, data: Any, path: Path) -> Iterator[Reference]:
    for name, value in data.items() if isinstance(data, dict) else ():
        place = (*path, name)
        yield from (
            Reference(reference.kind, place, reference.name, key=True) for reference in references(keys, name, place)
        )
        yield from references(values, value, place)


def _section(model: type[BaseModel], data: Any, path: Path) -> Iterator[Reference]:
    if not isinstance(data, dict):
        return
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    others = getattr(model, "others", None)
    for name, value in data.items():
        if name in fields and value is not None:
            yield from references(fields[name].annotation, value, (*path, name), tuple(fields[name].metadata))
        elif others is not None and value is not None:
            yield from references(others, value, (*path, name))
