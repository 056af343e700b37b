"""Grafana OnCall: its outgoing webhooks, and what is sent to its formatted webhook."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport, identity
from muster.inbound.vendors.families import PAGERS

_STATES = states("firing, alerting, new", "resolved, ok", "acknowledged, silenced")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An alert group with its event, or an alert with OnCall's own identifier."""
    group = isinstance(data.get("alert_group"), dict) and isinstance(data.get("event"), dict)
    return group or ("alert_uid" in data and "state" in data)


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An alert group, or a formatted alert."""
    record, group = report.record, report.record.record("alert_group")
    if not group.data:
        yield report.signal(
            key=identity(record.text("alert_uid"), kind="alert"), state=record.text("state"), states=_STATES,
            title=record.text("title"), severity=report.severity(record.text("severity") or "alerting", _ALERTING),
            description=record.text("message"),
            links=(*report.link("Source", "link_to_upstream_details"), *report.link("Image", "image_url")),
        )  # fmt: skip
        return
    labels = group.record("labels")
    yield report.signal(
        key=identity(group.text("id") or record.text("alert_group_id"), kind="group"),
        state=group.text("state"),
        states=_STATES,
        title=group.text("title"),
        severity=report.severity(labels.text("severity") or "firing", _ALERTING),
        labels={
            **{name: labels.text(name) for name in labels.data},
            "integration": record.record("integration").text("name"),
            "team": record.record("integration").text("team"),
        },
        links=report.url("Grafana OnCall", group.record("permalinks").text("web")),
        starts_at=group.time("created_at"),
    )


_ALERTING: SeverityTable = {"alerting": "high", "firing": "high"}
_SAMPLE = """{"event": {"type": "%s", "time": "2026-01-01T00:00:00Z"}, "alert_group_id": "I1907",
 "alert_group": {"id": "I1907", "title": "A sample group", "state": "%s", "created_at": "2026-01-01T00:00:00Z",
  "permalinks": {"web": "https://grafana.example.org/a/grafana-oncall-app/alert-groups/I1907"}, "labels": {}},
 "integration": {"id": "C1", "name": "Sample", "team": "Shop"}}"""

GRAFANA_ONCALL = Vendor(
    name="grafana-oncall",
    title="Grafana OnCall",
    family=PAGERS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("alert group created", "firing"),
    recovery=_SAMPLE % ("resolve", "resolved"),
    proof=ANY_HEADER,
    steps=(
        Step(
            "Add an outgoing webhook for the triggers Alert group created, Status change, with this URL and POST.",
            "Webhook URL",
        ),
        Step("Or point senders of a formatted webhook here.", "URL", "MUSTER-ADDRESS/grafana-oncall"),
    ),
)
