"""What the plan's authority decides over: an action, declared by the feature that carries it out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that people do and a plan may reserve. `words` complete "You may not …".

    A `careful` action needs more than the least level when the plan does not say; one that is not `decided` needs no
    authority at all.
    """

    name: str
    words: str
    careful: bool = False
    decided: bool = True
