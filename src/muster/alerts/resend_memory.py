"""Alerts that are firing exactly as they were last stored: their re-sends need no decoding and no write of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOST = 250_000


@dataclass(frozen=True, slots=True)
class Resend:
    """A request that was answered from memory, and the place of an alert in it: enough to deal with it in full after all."""

    key: str
    path: str
    body: bytes
    at: datetime
    place: int


@dataclass(slots=True)
class Touch:
    """Re-sends of one alert since the last flush; `ends_at` is the newest promise, as sent, `newest` the newest request."""

    ends_at: str
    count: int
    newest: Resend | None = None


class ResendMemory:
    """From (integration, raw labels) to the alert and its raw annotations; forgets an alert as soon as it changes."""

    def __init__(self) -> None:
        self._alerts: dict[tuple[UUID, bytes], tuple[UUID, bytes]] = {}
        self._keys: dict[UUID, tuple[UUID, bytes]] = {}
        self._touched: dict[UUID, Touch] = {}

    def alert_of(self, integration_id: UUID, labels: bytes, annotations: bytes) -> UUID | None:
        """The alert, if this is exactly what is stored of it."""
        stored = self._alerts.get((integration_id, labels))
        return stored[0] if stored is not None and stored[1] == annotations else None

    def touch(self, alert_id: UUID, ends_at: str, resend: Resend | None = None) -> None:
        """Note a re-send, to be written with the next flush."""
        touch = self._touched.get(alert_id)
        if touch is None:
            self._touched[alert_id] = Touch(ends_at, 1, resend)
        else:
            touch.ends_at, touch.count, touch.newest = ends_at, touch.count + 1, resend

    def settle(self, alert_id: UUID, ended_at: datetime) -> None:
        """An alert ended here: what was re-sent of it until then says nothing new."""
        touch = self._touched.get(alert_id)
        if touch is not None and touch.newest is not None and touch.newest.at <= ended_at:
            touch.newest = None

    def touched(self, alert_ids: Iterable[UUID]) -> bool:
        """Whether a re-send of any of these is still to be written."""
        return any(alert_id in self._touched for alert_id in alert_ids)

    def remember(self, integration_id: UUID, labels: bytes, annotations: bytes, alert_id: UUID) -> None:
        """An alert is stored and fires."""
        if len(self._alerts) >= MOST:
            self.clear()
        self.forget([alert_id])
        key = (integration_id, labels)
        self._alerts[key] = (alert_id, annotations)
        self._keys[alert_id] = key

    def forget(self, alert_ids: Iterable[UUID]) -> None:
        """Alerts changed: their next signal is read in full."""
        for alert_id in alert_ids:
            if key := self._keys.pop(alert_id, None):
                self._alerts.pop(key, None)

    def clear(self) -> None:
        """Forget everything; nothing is lost but speed."""
        self._alerts.clear()
        self._keys.clear()

    def take_touched(self) -> dict[UUID, Touch]:
        """The re-sends since the last call."""
        touched, self._touched = self._touched, {}
        return touched

    def put_back(self, touched: Mapping[UUID, Touch]) -> None:
        """Those re-sends could not be written: they go with the next flush."""
        for alert_id, before in touched.items():
            since = self._touched.get(alert_id)
            if since is None:
                self._touched[alert_id] = before
            else:
                since.count += before.count
