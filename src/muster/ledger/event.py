"""What a feature says has happened; the ledger adds who, when and where in the chain."""

from dataclasses import dataclass, field
from typing import Any

from muster.ledger.event_kind import EventKind


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, not yet recorded (R9).

    `stream` is what it happened to ("incident:<uuid>", "access"); events of one stream form one chain. `kind` is declared in
    the feature's `events.py`. `data` is anything that JSON holds, also dates, UUIDs and enums. `reason` is the actor's own word
    for why.
    """

    stream: str
    kind: EventKind
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
