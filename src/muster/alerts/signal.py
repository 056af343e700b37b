"""What every inbound format becomes: one report, before anything is decided about it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from muster.kit.link import Link

SignalStatus = Literal["firing", "acknowledged", "resolved"]
NamedBy = Literal["key", "id", "tiny"]
SeverityHint = Literal["critical", "high", "medium", "low", ""]


@dataclass(frozen=True, slots=True)
class Signal:
    """One report as received (R58), in Muster's terms.

    `key` identifies the condition within its integration: equal keys are the same alert. `ends_at` is when the sender
    promises it is over unless re-sent. `severity_hint` is the sender's word in Muster's scale, empty when it has none.
    `next_step` is what the alert asks its reader to do (R55), empty when the sender does not say.
    `guess` is the evidence for a recovery that is not certain, such as `title: OK`; where too much speaks against it, the
    status is `firing` all the same. Certain signals have none.
    `named_by` says what `key` is where the sender names an alert that it knows by Muster's own id, or by the number made of it.
    `by_clock` is set where only the times say that it is over, so that it hangs on the sender's clock.
    """

    key: str
    status: SignalStatus
    title: str
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    description: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    severity_hint: SeverityHint = ""
    links: tuple[Link, ...] = ()
    next_step: str = ""
    group_hint: str = ""
    guess: str = ""
    by_clock: bool = False
    named_by: NamedBy = "key"
