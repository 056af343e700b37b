"""A heartbeat: something that must be heard of regularly, and whose silence is the alert. Pure.

Backups, scheduled jobs and other monitoring systems call `/i/{key}/heartbeat/{name}` while they are well.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.alerts.signal import SeverityHint, Signal
from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Fault

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
SEVERITIES: tuple[SeverityHint, ...] = ("critical", "high", "medium", "low")
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=366)
USUAL_EVERY, USUAL_GRACE = timedelta(minutes=5), timedelta(minutes=1)
KEY = "heartbeat:"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a heartbeat is expected, how late it may be, and how grave its absence is."""

    every: timedelta = USUAL_EVERY
    grace: timedelta = USUAL_GRACE
    severity: SeverityHint = "high"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """`declared`: people set its rhythm, so that what a call says of it is not heeded. `missing_since` is when its alert
    began; None while it is heard of."""

    id: UUID
    integration_id: UUID
    name: str
    title: str
    rhythm: Rhythm
    labels: dict[str, str]
    declared: bool
    created_at: datetime
    last_at: datetime | None
    missing_since: datetime | None

    @property
    def label(self) -> str:
        """Its title, or its name where it has none."""
        return self.title or self.name

    @property
    def due_at(self) -> datetime:
        """When it counts as missing, unless it is heard of before."""
        return (self.last_at or self.created_at) + self.rhythm.every + self.rhythm.grace


def missing(heartbeat: Heartbeat, now: datetime) -> Signal:
    """The signal that nothing was heard in time."""
    rhythm = heartbeat.rhythm
    heard = "It was never heard of" if heartbeat.last_at is None else "It was last heard of at"
    when = f" {heartbeat.last_at:%Y-%m-%d %H:%M:%S} UTC" if heartbeat.last_at else ""
    expected = f"it is expected every {format_duration(rhythm.every)} and may be {format_duration(rhythm.grace)} late"
    return _signal(heartbeat, f"{heartbeat.label}: no heartbeat", f"{heard}{when}; {expected}.", now)


def failed(heartbeat: Heartbeat, now: datetime, said: str = "") -> Signal:
    """The signal that it said itself that it failed."""
    return _signal(heartbeat, f"{heartbeat.label} reports a failure", said.strip() or "It gave no details.", now)


def returned(heartbeat: Heartbeat, now: datetime) -> Signal:
    """The signal that it is heard of again."""
    return Signal(
        KEY + heartbeat.name, "resolved", f"{heartbeat.label} is heard of again", _labels(heartbeat), ends_at=now
    )


def _signal(heartbeat: Heartbeat, title: str, description: str, now: datetime) -> Signal:
    return Signal(
        KEY + heartbeat.name,
        "firing",
        title,
        labels=_labels(heartbeat),
        description=description,
        starts_at=now,
        severity_hint=heartbeat.rhythm.severity,
        next_step=f"Find out why {heartbeat.label} does not call, and whether what it watches over is well.",
    )


def _labels(heartbeat: Heartbeat) -> dict[str, str]:
    return {**heartbeat.labels, "alertname": "HeartbeatMissing", "heartbeat": heartbeat.name}


def read_name(text: str) -> str | Fault:
    """A heartbeat's name as an address carries it, in lower case."""
    name = text.lower()
    if NAME.fullmatch(name):
        return name
    return Fault(
        "name", f"`{text:.80}` is not a heartbeat's name.", "Use up to 63 letters, digits, dots, dashes or underscores."
    )


def read_rhythm(given: Mapping[str, object], usual: Rhythm | None = None) -> Rhythm | list[Fault]:
    """A rhythm out of `every`, `grace` and `severity`, those left out as in `usual`; or every fault."""
    usual = usual or Rhythm()
    faults: list[Fault] = []
    every = _length("every", given.get("every"), usual.every, SHORTEST, faults)
    grace = _length("grace", given.get("grace"), usual.grace, timedelta(0), faults)
    severity = str(given.get("severity") or usual.severity).lower()
    if severity not in SEVERITIES:
        faults.append(Fault("severity", f"`{severity:.40}` is unknown.", f"Use one of {', '.join(SEVERITIES)}."))
    chosen = next((known for known in SEVERITIES if known == severity), usual.severity)
    return faults or Rhythm(every, grace, chosen)


def _length(field: str, given: object, usual: timedelta, least: timedelta, faults: list[Fault]) -> timedelta:
    if given in (None, ""):
        return usual
    try:
        found = given if isinstance(given, timedelta) else parse_duration(str(given))
    except ValueError:
        faults.append(Fault(field, f"`{given!s:.40}` is not a length of time.", "Write it as 90s, 5m or 1h30m."))
        return usual
    if not least <= found <= LONGEST:
        bounds = f"from {format_duration(least)} to {format_duration(LONGEST)}"
        faults.append(Fault(field, f"{format_duration(found)} is out of bounds.", f"Choose {bounds}."))
    return found
