"""A kind of manifest, as a feature provides it for `muster apply` without knowing the others."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from muster.base.services import Services
from muster.base.unit import Unit
from muster.kit.errors import Invalid
from muster.kit.faults import faults_of
from muster.kit.yamldoc import Document

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one manifest; `changes` are lines for people."""

    kind: str
    name: str
    outcome: Literal["created", "changed", "unchanged"]
    changes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ManifestKind:
    """How documents of a kind are applied; it raises Invalid with faults that point into the document.

    They are handed over one by one, so that each is judged for itself, or `together` where they refer to each other. `after`
    names the kinds that it may refer to, as far as features above provide them.
    """

    name: str
    apply: Callable[[Unit, Sequence[Document], Services], Awaitable[list[Applied]]]
    together: bool = False
    after: tuple[str, ...] = ()


def in_order(kinds: Iterable[ManifestKind]) -> list[ManifestKind]:
    """Kinds in the order in which they are applied: each may refer to those before it."""
    by_name = {kind.name: kind for kind in kinds}
    places = {name: place for place, name in enumerate(by_name)}
    sorter = TopologicalSorter({name: kind.after for name, kind in by_name.items()})
    sorter.prepare()
    ordered: list[ManifestKind] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted((*ready, *sorter.get_ready()), key=places.__getitem__)
        first = ready.pop(0)
        ordered.append(by_name[first])
        sorter.done(first)
    return ordered


def parsed(
    model: type[Model],
    document: Document,
    context: Mapping[str, Any] | None = None,
    title: str = "The manifest is not valid.",
) -> Model:
    """The document as its model; `title` is that of a refusal.

    Raises:
        Invalid: with every fault at its place.
    """
    try:
        return model.model_validate(document.data, context=context)
    except ValidationError as error:
        raise Invalid(title, faults=faults_of(error, model, document)) from None
