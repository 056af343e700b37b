"""How a lower feature tells higher ones, inside the same transaction, without knowing them; `app` wires the ends."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from muster.base.ports import Ports

if TYPE_CHECKING:
    from muster.base.unit import Unit

Happening = TypeVar("Happening")
Subscriber = Callable[["Unit", Any], Awaitable[None]]


class Bus:
    """Subscribers by the type of what happened, called in the order of subscription; and what features provide for ports."""

    def __init__(self, ports: Ports = Ports()) -> None:
        self.ports = ports
        self._subscribers: defaultdict[type, list[Subscriber]] = defaultdict(list)

    def subscribe(self, happening: type[Happening], subscriber: Callable[["Unit", Happening], Awaitable[None]]) -> None:
        """Call `subscriber` with each `happening` within the unit that emits it; its failure fails that unit."""
        self._subscribers[happening].append(subscriber)

    async def emit(self, unit: "Unit", happening: object) -> None:
        """Hand a happening to everyone who subscribed to its type."""
        for subscriber in self._subscribers[type(happening)]:
            await subscriber(unit, happening)
