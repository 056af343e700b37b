"""What features give each other without importing each other: values of a port's type, collected by composition.

A feature declares a port as a class (a panel, a rule, a source of facts). Any feature, also one above it, provides values of that
class; whoever owns the port asks for all of them.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Port = TypeVar("Port")


class Ports:
    """Values by their port: some that are here, and those that `load` finds when a port is first asked for."""

    def __init__(
        self, values: Iterable[object] = (), load: Callable[[type], Iterable[object]] = lambda port: ()
    ) -> None:
        self._values, self._load = tuple(values), load
        self._loaded: dict[type, tuple[Any, ...]] = {}

    def of(self, port: type[Port]) -> tuple[Port, ...]:
        """Every value that features provide for a port, in the order of the features."""
        if port not in self._loaded:
            here = (value for value in self._values if type(value) is port)
            self._loaded[port] = (*here, *self._load(port))
        return self._loaded[port]
