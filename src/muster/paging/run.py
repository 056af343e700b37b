"""The escalation itself: which step is taken now, whom it reaches, when the next one follows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.paging.targets import Meant, Snapshot, resolve
from muster.plan.steps import FrozenStep

EXHAUSTED = "Every step has run and nobody has acknowledged."


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that is taken now; `number` counts from 1."""

    number: int
    why: str
    meant: tuple[Meant, ...]

    @property
    def reaches(self) -> bool:
        """Somebody is paged by it."""
        return any(each.people for each in self.meant)


@dataclass(frozen=True, slots=True)
class Advance:
    """What happens now. `next_at` is when to look again; None when the run is exhausted."""

    taken: tuple[Taken, ...]
    next_at: datetime | None


def advance(
    steps: Sequence[FrozenStep], done: int, why: str, snapshot: Snapshot, roles: Mapping[str, str], now: datetime
) -> Advance:
    """Take the step after the `done` ones. A step that reaches nobody does not wait: the next is taken at once.

    After the last step its own wait still passes before the run counts as exhausted; a last step that reaches nobody
    exhausts it at once.
    """
    taken: list[Taken] = []
    for number in range(done + 1, len(steps) + 1):
        step = steps[number - 1]
        meant = tuple(resolve(step.targets, snapshot, roles))
        taken.append(Taken(number, why, meant))
        if taken[-1].reaches:
            return Advance(tuple(taken), now + step.wait)
        why = f"Step {number} reaches nobody."
    return Advance(tuple(taken), None)
