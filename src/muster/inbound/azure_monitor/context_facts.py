"""What the part of an Azure alert that differs by kind has to say, in one shape for all kinds."""

from dataclasses import dataclass, field
from datetime import datetime

from muster.alerts.signal import SignalStatus
from muster.kit.link import Link


@dataclass(frozen=True, slots=True)
class ContextFacts:
    """The reading of one `alertContext`.

    `key` and `status` are set where the context knows better than the envelope: Service Health and Resource Health say
    Fired for ever. `severity` is Azure's word. `identity` tells two alerts of one rule apart where there is no alert id.
    """

    key: str = ""
    identity: tuple[str, ...] = ()
    status: SignalStatus | None = None
    title: str = ""
    lines: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    next_step: str = ""
    severity: str = ""
    at: datetime | None = None
