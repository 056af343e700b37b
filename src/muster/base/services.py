"""What a process is made of, by type: each feature makes its own objects at start, from those of the features before it."""

from typing import Any, TypeVar

from muster.base.db.database import Database
from muster.base.settings import Settings

Service = TypeVar("Service")


class Services:
    """`services.of(Reach)` is the `Reach` of this process. Stands in `app.state.services`."""

    def __init__(self, *values: object) -> None:
        self._values: dict[type, Any] = {}
        self.add(*values)

    def add(self, *values: object) -> None:
        """Have objects found by their types; a later one of the same type takes the place of an earlier one."""
        for value in values:
            self._values[type(value)] = value

    def of(self, kind: type[Service]) -> Service:
        """The object of a type.

        Raises:
            LookupError: no feature made one, or it is a feature above that does.
        """
        if kind not in self._values:
            raise LookupError(f"No {kind.__name__} has been made.")
        service: Service = self._values[kind]
        return service

    def find(self, kind: type[Service]) -> Service | None:
        """The object of a type; None where this installation has none."""
        service: Service | None = self._values.get(kind)
        return service

    @property
    def database(self) -> Database:
        """The database, over the visitors' connections."""
        return self.of(Database)

    @property
    def settings(self) -> Settings:
        """What the environment says."""
        return self.of(Settings)
