"""Alerts as Opsgenie's API shows them. Pure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from muster.alerts.alert import Alert, Hold
from muster.alerts.integration import Integration

_ROUTING = frozenset({"alias", "entity", "source", "priority", "tags", "team", "responders"})


def tiny_of(id_: UUID) -> str:
    """The short number of an alert."""
    return str(int(id_.hex[-8:], 16))


def alert_out(alert: Alert, source: Integration, *, whole: bool = False) -> dict[str, Any]:
    """An alert as it is listed; with `whole` also its description, details and actions."""
    labels = alert.labels
    told: dict[str, Any] = {
        "id": str(alert.id),
        "tinyId": tiny_of(alert.id),
        "alias": alert.key,
        "message": alert.title,
        "status": "open" if alert.active else "closed",
        "acknowledged": alert.status == "acknowledged",
        "isSeen": alert.status == "acknowledged",
        "tags": [tag for tag in labels.get("tags", "").split(",") if tag],
        "snoozed": alert.hold in (Hold.SILENCE, Hold.MAINTENANCE),
        "count": alert.signal_count,
        "lastOccurredAt": iso(alert.last_seen_at),
        "createdAt": iso(alert.starts_at),
        "updatedAt": iso(alert.changed_at),
        "source": labels.get("source", ""),
        "owner": "",
        "priority": labels.get("priority", "P3"),
        "responders": [],
        "integration": {"id": str(source.id), "name": source.name, "type": "API"},
    }
    if whole:
        actions = alert.annotations.get("actions", "")
        told |= {
            "actions": [action for action in actions.split(", ") if action],
            "entity": labels.get("entity", ""),
            "description": alert.description,
            "details": {name: text for name, text in labels.items() if name not in _ROUTING},
        }
    return told


def line_out(name: str, text: str, owner: str, at: datetime) -> dict[str, str]:
    """A note, or a line of an alert's log."""
    kind = {"type": "system"} if name == "log" else {}
    return {name: text, "owner": owner, "createdAt": iso(at), "offset": iso(at), **kind}


def iso(at: datetime) -> str:
    """A time as Opsgenie writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
