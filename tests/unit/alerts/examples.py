"""Alerts and signals to test with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.matchers import parse_all
from muster.alerts.signal import Signal
from muster.alerts.silence import Silence
from muster.alerts.transition import Arrival, receive

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOURCE, ALERT, SIGNAL, SILENCE = (UUID(int=number) for number in range(1, 5))


def arrival(status: str = "firing", at: datetime = NOW, **changes: Any) -> Arrival:
    """A signal of one condition."""
    signal = Signal("disk", status, "Disk is full", {"alertname": "DiskFull", "service": "shop"})  # type: ignore[arg-type]
    return Arrival(SOURCE, replace(signal, **changes), SIGNAL, at)


def firing(**changes: Any) -> Alert:
    """An alert that fires freely."""
    alert = receive(None, arrival(), ALERT, (), ()).alert
    assert alert is not None
    return replace(alert, **changes)


def resolved(**changes: Any) -> Alert:
    """An alert that is over."""
    return firing(status=AlertStatus.RESOLVED, resolved_at=NOW, hold=Hold.NONE, **changes)


def silence(matchers: str = 'alertname="DiskFull"', hours: float = 1, **changes: Any) -> Silence:
    """A silence that holds from NOW."""
    made = Silence(
        id=SILENCE,
        kind="silence",
        integration_id=None,
        matchers=parse_all(matchers),
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=hours),
        created_by="ana",
        comment="new disk",
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(made, **changes)
