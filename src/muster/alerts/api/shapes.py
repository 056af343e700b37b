"""Alerts and silences as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from muster.alerts.alert import Alert
from muster.alerts.masked import masked_alert
from muster.alerts.silence import Silence


class LinkOut(BaseModel):
    """A place to look."""

    label: str
    url: str


class AlertOut(BaseModel):
    """An alert. `hold` says why it starts nothing though it fires; `next_step` what to do about it."""

    id: UUID
    integration: str
    key: str
    status: str
    title: str
    description: str
    labels: dict[str, str]
    annotations: dict[str, str]
    severity_hint: str
    links: list[LinkOut]
    next_step: str
    starts_at: datetime
    ends_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    changed_at: datetime
    resolved_at: datetime | None
    episode: int
    signal_count: int
    hold: str
    hold_reason: str
    hold_ref: UUID | None
    verdict: str | None
    signal_id: UUID

    @classmethod
    def of(cls, alert: Alert, names: Mapping[UUID, str]) -> "AlertOut":
        """From the domain value; `names` are the integrations'."""
        alert = masked_alert(alert)
        return cls(**fields_of(cls, alert), integration=names.get(alert.integration_id, ""), links=links_of(alert))


class TransitionOut(BaseModel):
    """What became of an alert, and why."""

    at: datetime
    status: str
    reason: str
    signal_id: UUID | None


class AlertDetail(AlertOut):
    """An alert with its past, newest first."""

    transitions: list[TransitionOut]


class SilenceOut(BaseModel):
    """A silence or maintenance window; `matchers` as text; `integration` where it mutes only what came through that."""

    id: UUID
    kind: str
    state: str
    matchers: list[str]
    integration: str
    starts_at: datetime
    ends_at: datetime
    created_by: str
    comment: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, silence: Silence, now: datetime, names: Mapping[UUID, str]) -> "SilenceOut":
        """From the domain value as it stands now."""
        plain = {"kind", "id", "starts_at", "ends_at", "created_by", "comment", "created_at", "updated_at"}
        return cls(
            **{name: getattr(silence, name) for name in plain},
            state=silence.state(now),
            matchers=[matcher.text() for matcher in silence.matchers],
            integration=names.get(silence.integration_id, "") if silence.integration_id else "",
        )


def fields_of(model: type[BaseModel], value: Any) -> dict[str, Any]:
    """The attributes that a model takes over as they are."""
    return {name: getattr(value, name) for name in model.model_fields if name != "links" and hasattr(value, name)}


def links_of(alert: Alert) -> list[LinkOut]:
    """The alert's links."""
    return [LinkOut(label=link.label, url=link.url) for link in alert.links]
