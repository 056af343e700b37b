"""Typed views: a dataclass says which template shows it, and its fields are the names that the template may use.

    @template("clocks/list.html")
    @dataclass(frozen=True, slots=True)
    class ClockList:
        clocks: Sequence[ClockRow]
        topics: Sequence[str] = ()

A handler answers `render(request, ClockList(…))`. The architecture tests follow every name and attribute of the template through
these types, and render it from samples of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

Made = TypeVar("Made", bound=type)
TEMPLATES: dict[type, str] = {}
"""The template of every view that was declared."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab or chip of a page, with how much stands behind it."""

    label: str
    url: str
    count: int | str | None = None


def template(name: str) -> Callable[[Made], Made]:
    """Declare the template of a dataclass."""

    def declared(view: Made) -> Made:
        TEMPLATES[view] = name
        return view

    return declared


def context_of(view: Any) -> dict[str, Any]:
    """What the template sees: the fields of its view, and its properties."""
    kind = type(view)
    names = [field.name for field in fields(view)]
    names += [name for name, value in vars(kind).items() if isinstance(value, property)]
    return {name: getattr(view, name) for name in names}
