"""Panels of the alerts that belong to an incident, and of what they themselves say to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.incidents.pages.panel import Content, Viewed
from muster.incidents.pages.rows import url_of


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert."""

    id: UUID
    title: str
    state: str
    since: datetime


@template("incidents/panels/alerts.html")
@dataclass(frozen=True, slots=True)
class Alerts:
    """The gravest alerts, those that still fire first, and how many there are."""

    rows: Sequence[AlertRow]
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class SourceAdvice:
    """Something to do; with a `url` a link."""

    text: str
    url: str


@template("incidents/panels/guides.html")
@dataclass(frozen=True, slots=True)
class Guides:
    """What the alerts say to do next."""

    guides: Sequence[SourceAdvice]


async def alerts(unit: Unit, viewed: Viewed) -> Content:
    """The alerts."""
    rows = [
        AlertRow(
            alert.id, alert.title, "silenced" if alert.hold else str(alert.status), alert.resolved_at or alert.starts_at
        )
        for alert in viewed.alerts
    ]
    return Content(Alerts(rows, viewed.alert_count, url_of(viewed.held.incident, "alerts")))


async def guides(unit: Unit, viewed: Viewed) -> Content:
    """What alerts themselves say to do next, each once."""
    steps = dict.fromkeys(alert.next_step for alert in viewed.alerts if alert.next_step)
    links = {
        link.url: link.label
        for alert in viewed.alerts
        for link in alert.links
        if link.url.startswith(("https://", "http://"))
    }
    # A step that only spells an address out is the link itself.
    plain = [SourceAdvice(text, "") for text in steps if not any(url in text for url in links)]
    found = [*plain, *(SourceAdvice(label, url) for url, label in links.items())]
    return Content(Guides(found) if found else None)
