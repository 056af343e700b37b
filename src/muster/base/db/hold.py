"""No connection for who holds one: two at once on one task are how a handful of requests can wait for each other for ever."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar


class NestedUnit(AssertionError):
    """A connection was wanted by who holds one already. Enough of these at once would wait for each other for ever, so this
    fails at once: do it in the same unit (`Unit.trial` for dry runs), or once the unit has ended."""

    def __init__(self) -> None:
        super().__init__(
            "A unit or a read was opened inside of another. Use the one that is open, or wait until it ends."
        )


class _Hold:
    """A connection in the hands of a task, and of all tasks that it starts meanwhile."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open = True


_held: ContextVar[_Hold | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Refuse to hold two connections.

    Raises:
        NestedUnit: this task, or the one that started it, holds a connection.
    """
    before = _held.get()
    if before is not None and before.open:
        raise NestedUnit
    hold = _Hold()
    _held.set(hold)
    try:
        yield
    finally:
        # Not reset by its token: a generator may be closed in another context than the one that it began in.
        hold.open = False
