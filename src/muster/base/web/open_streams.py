"""How many event streams are open: bounded for a person and in all, the oldest ends where one more comes."""

import contextlib
from collections.abc import Callable, Iterator

MOST_OF_ONE, MOST = 24, 600
"""A person's streams (tabs and devices), and those of one node."""


class OpenStreams:
    """The streams of one node, oldest first."""

    def __init__(self) -> None:
        self._open: dict[object, tuple[str, Callable[[], None]]] = {}

    def __len__(self) -> int:
        return len(self._open)

    @contextlib.contextmanager
    def holding(self, owner: str, end: Callable[[], None]) -> Iterator[None]:
        """Count a stream while it is open; `end` is called if it has to make room."""
        own = [mark for mark, (name, _) in self._open.items() if name == owner]
        if len(own) >= MOST_OF_ONE:
            self._end(own[0])
        elif len(self._open) >= MOST:
            self._end(next(iter(self._open)))
        mark = object()
        self._open[mark] = owner, end
        try:
            yield
        finally:
            self._open.pop(mark, None)

    def _end(self, mark: object) -> None:
        _, end = self._open.pop(mark)
        end()
