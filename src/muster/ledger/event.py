"""What a feature says has happened; the ledger adds who, when and where in the chain."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, not yet recorded (R9).

    `stream` is what it happened to ("incident:<uuid>", "access"); events of one stream form one chain. `kind` is a
    past-tense name ("IncidentAcknowledged") that the feature lists in its `events.py`. `data` is anything that JSON
    holds, also dates, UUIDs and enums. `reason` is the actor's own word for why.
    """

    stream: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
