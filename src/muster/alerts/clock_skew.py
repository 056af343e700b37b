"""Clocks of senders that differ from this one: what has only by its sender's clock ended may fire all the same.

Prometheus posts a firing alert with an end some minutes ahead. If its clock is behind by more than that, all its alerts
arrive ended. They are told from those that did end by others of the same source whose ends are still to come, and by
re-sends: an end that moves on is none. Where nothing tells, doubt is loud.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.alerts.alert import Alert
from muster.alerts.signal import Signal
from muster.kit.duration import format_duration

LATE = "arrived_ended_at"
"""The annotation of an alert that fires although it arrived ended: the end as its sender wrote it."""
RECENT = timedelta(hours=1)
"""What ended longer ago than this is believed: no clock is so wrong without anybody's noticing."""
APART = timedelta(minutes=2)
"""So much may the ends of one alert differ between two senders, and a start lie ahead, without its meaning anything."""
BELIEVED = timedelta(minutes=5)
VOUCHED = timedelta(minutes=15)
AHEAD = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ClockSkew:
    """How far a source's clock is from this one (negative: behind, by at least so much), found at an alert."""

    integration_id: UUID
    by: timedelta
    key: str

    def sentence(self) -> str:
        """What people read."""
        way = "behind this one by at least" if self.by < timedelta(0) else "ahead of this one by"
        return f"The sender's clock seems to be {way} {format_duration(abs(self.by))}."


def may_be_firing(alert: Alert | None, signal: Signal, at: datetime, vouched: bool) -> bool:
    """Whether an alert that arrives ended may fire by a right clock. `vouched`: its source's clock is known to be right."""
    if not signal.by_clock or signal.ends_at is None or at - signal.ends_at > RECENT:
        return False
    if alert is None:
        return not vouched
    if alert.active:
        said = _instant(alert.annotations)
        return said is not None and signal.ends_at > said
    known = alert.ends_at or alert.resolved_at
    return not vouched and known is not None and signal.ends_at > known + APART


def skew_of(integration_id: UUID, signal: Signal, at: datetime, doubted: bool) -> ClockSkew | None:
    """What a signal tells of its sender's clock; None where nothing is odd."""
    if doubted and signal.ends_at is not None:
        return ClockSkew(integration_id, signal.ends_at - at, signal.key)
    ahead = signal.starts_at - at if signal.starts_at is not None else timedelta(0)
    if signal.status == "firing" and APART < ahead <= timedelta(days=1):
        return ClockSkew(integration_id, ahead, signal.key)
    return None


def vouches(signal: Signal, at: datetime) -> bool:
    """Whether a signal shows that its sender's clock is right: it fires until a time that is still to come."""
    return signal.status == "firing" and signal.ends_at is not None and signal.ends_at > at + AHEAD


def _instant(annotations: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(annotations.get(LATE, ""))
    except ValueError:
        return None
