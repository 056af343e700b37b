"""Alerts and silences as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from muster.alerts.alert import Alert
from muster.alerts.masked import masked_alert
from muster.alerts.silence import Silence
from muster.kit.link import Link

Text = Annotated[str, Query(max_length=200)]


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FromDomain(BaseModel):
    """What is read from the attributes of a domain value, where these are not all told."""

    model_config = ConfigDict(from_attributes=True)


class FaultOut(FromDomain):
    """One thing wrong with a signal, or odd about it."""

    field: str = ""
    rule: str
    fix: str = ""


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
    links: tuple[Link, ...]
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
    def of(cls, alert: Alert, names: Mapping[UUID, str], **more: Any) -> Self:
        """From the domain value without what looks like a secret; `names` are the integrations'."""
        masked = masked_alert(alert)
        own = {name: getattr(masked, name) for name in AlertOut.model_fields if name != "integration"}
        return cls(**own, integration=names.get(alert.integration_id, ""), **more)


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
        return cls(
            id=silence.id,
            kind=silence.kind,
            state=silence.state(now),
            matchers=[matcher.text() for matcher in silence.matchers],
            integration=names.get(silence.integration_id, "") if silence.integration_id else "",
            starts_at=silence.starts_at,
            ends_at=silence.ends_at,
            created_by=silence.created_by,
            comment=silence.comment,
            created_at=silence.created_at,
            updated_at=silence.updated_at,
        )
