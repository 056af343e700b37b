"""What the plan's authority decides over: an action, declared by the feature that carries it out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that people do and a plan may reserve; a port (`base/ports.py`). `words` complete "You may not …".

    A `careful` action needs more than the least level when the plan does not say; one that is not `decided` needs no
    authority at all. A `step` leads an incident on, and stands first where actions are listed.
    """

    name: str
    words: str
    careful: bool = False
    decided: bool = True
    step: bool = False


AnyAction = TypeVar("AnyAction", bound=Action)


def decided_in_order(actions: Iterable[AnyAction]) -> list[AnyAction]:
    """The actions that authority decides over, steps first, of whichever feature they are."""
    return sorted((action for action in actions if action.decided), key=lambda action: not action.step)
