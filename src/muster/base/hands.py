"""The worker of this process, if it has one: who takes urgent jobs after a commit, and who is woken for the others."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muster.base.work.job import QueuedJob


class LocalHands:
    """Set by the runner while it runs; without a runner urgent jobs wait in the queue like the others."""

    __slots__ = ("_take", "_wake", "holder", "resting")

    def __init__(self) -> None:
        self.resting = ""
        """Why nothing leaves this process, empty where it works: it rehearses."""
        self.let_go()

    def join(self, holder: str, take: Callable[[Sequence["QueuedJob"]], None], wake: Callable[[], None]) -> None:
        """A runner offers its hands."""
        self.holder: str | None = holder
        self.resting = ""
        self._take, self._wake = take, wake

    def let_go(self) -> None:
        """The runner stops."""
        self.holder = None
        self._take, self._wake = (lambda jobs: None), (lambda: None)

    def take(self, jobs: Sequence["QueuedJob"]) -> None:
        """Start jobs whose lease this process already holds."""
        self._take(jobs)

    def wake(self) -> None:
        """Look for due jobs now."""
        self._wake()
