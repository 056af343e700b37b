"""PagerDuty's webhooks v3, by which PagerDuty itself tells of its incidents."""

from muster.alerts.signal import SeverityHint, SignalStatus
from muster.inbound.bounded import make_signal
from muster.inbound.places import link
from muster.inbound.port import Parsed
from muster.inbound.record import Record
from muster.inbound.severity import severity_of

_STATUS: dict[str, SignalStatus] = {"triggered": "firing", "acknowledged": "acknowledged", "resolved": "resolved"}
_EVENTS: dict[str, SignalStatus] = {
    "incident.triggered": "firing",
    "incident.reopened": "firing",
    "incident.unacknowledged": "firing",
    "incident.acknowledged": "acknowledged",
    "incident.resolved": "resolved",
}
_URGENCY: dict[str, SeverityHint] = {"high": "high", "low": "low"}


def is_webhook(document: dict[str, object]) -> bool:
    """Whether a document is one of these."""
    event = document.get("event")
    return isinstance(event, dict) and "event_type" in event and "data" in event


def read_webhook(record: Record) -> Parsed:
    """The signal of an incident, titled with the incident's own title and known by the incident's id.

    Events that are about something else, such as a note or a ping, change nothing.
    """
    event = record.record("event")
    data, kind = event.record("data"), event.text("event_type")
    findings = record.findings
    if data.text("type") != "incident":
        findings.warn("event.data", "It is not about an incident itself, so nothing changed.")
        return Parsed(warnings=tuple(findings.warnings), status=202)
    key = data.text("id")
    if not key:
        findings.fault("event.data.id", "An incident has an id.", "Send PagerDuty's webhook as it is.")
    findings.stop()
    service = data.record("service").text("summary")
    priority = data.record("priority").text("summary", "name")
    labels = {"service": service, "priority": priority, "urgency": data.text("urgency"), "number": data.text("number")}
    signal = make_signal(
        findings,
        "event.data",
        key=f"pagerduty-{key}",
        status=_EVENTS.get(kind) or _STATUS.get(data.text("status").lower(), "firing"),
        title=data.text("title", "summary") or f"PagerDuty incident {data.text('number') or key}",
        labels={name: text for name, text in labels.items() if text},
        annotations={"event_type": kind},
        starts_at=data.time("created_at") or event.time("occurred_at"),
        severity_hint=severity_of(priority) or _URGENCY.get(data.text("urgency").lower(), ""),
        links=link("PagerDuty", data.text("html_url"), findings, "event.data.html_url"),
    )
    return Parsed((signal,), warnings=tuple(findings.warnings), status=202)
