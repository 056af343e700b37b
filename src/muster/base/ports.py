"""What features give each other without importing each other: values of a port's type, collected by composition.

A feature declares a port as a class (a panel, a rule, a source of facts). Any feature, also one above it, provides values of that
class; whoever owns the port asks for all of them.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

Port = TypeVar("Port")


class Ports:
    """Values by their type, in the order of the features that provide them."""

    def __init__(self, values: Iterable[object] = ()) -> None:
        self._values: dict[type, list[Any]] = {}
        for value in values:
            self._values.setdefault(type(value), []).append(value)

    def of(self, port: type[Port]) -> tuple[Port, ...]:
        """Every value that features provide for a port."""
        return tuple(self._values.get(port, ()))
