"""What the pages share: tabs, addresses, and how an alert looks in a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Query

from muster.alerts.alert import Alert, Hold
from muster.alerts.masked import masked_alert
from muster.base.web.typed import Tab

Typed = Annotated[str, Query(max_length=4000)]
"""Matchers in an address."""
TABS = (Tab("Alerts", "/alerts"), Tab("Silences", "/silences"), Tab("Noise", "/alerts/noise"))
_STANDING = {
    Hold.SILENCE: ("silenced", ""),
    Hold.MAINTENANCE: ("in maintenance", "waiting"),
    Hold.FLAPPING: ("flapping", "waiting"),
    Hold.TEST: ("test", "waiting"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An alert in a list; `state` and `tone` are for `ui.state`, `place` says where it comes from."""

    id: UUID
    url: str
    title: str
    place: str
    severity: str
    state: str
    tone: str
    reason: str
    since: datetime
    verdict: str


def row(alert: Alert, names: Mapping[UUID, str]) -> Row:
    """An alert as lists show it."""
    state, tone = standing(alert)
    alert = masked_alert(alert)
    return Row(
        id=alert.id,
        url=f"/alerts/{alert.id}",
        title=alert.title,
        place=_place(alert, names.get(alert.integration_id, "")),
        severity=alert.severity_hint,
        state=state,
        tone=tone,
        reason=alert.hold_reason,
        since=alert.changed_at,
        verdict=alert.verdict or "",
    )


def _place(alert: Alert, integration: str) -> str:
    named = (alert.labels.get(name, "") for name in ("alertname", "service", "instance"))
    return " · ".join(part for part in (integration, *named) if part and part != alert.title)


def standing(alert: Alert) -> tuple[str, str]:
    """How an alert stands, in one word, with its tone."""
    return _STANDING.get(alert.hold, (str(alert.status), ""))


def settings_url(name: str, *rest: str) -> str:
    """The page of an integration, or something below it."""
    return "/".join((f"/settings/integrations/{quote(name, safe='')}", *rest))
