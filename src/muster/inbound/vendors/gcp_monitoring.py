"""Google Cloud Monitoring: incidents from a webhook channel, or from a Pub/Sub push subscription."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from muster.alerts.port import Request
from muster.inbound.json_body import load_json
from muster.inbound.record import Record
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport
from muster.inbound.vendors.families import CLOUDS
from muster.kit.errors import Malformed

_STATES = states("open", "closed", "acknowledged")
_SEVERITIES: SeverityTable = {"critical": "critical", "error": "high", "warning": "medium"}
_TELLING = ("policy_name", "condition_name", "scoping_project_id")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An incident of a policy, by itself or within a message of Pub/Sub."""
    return _is_incident(data) or _is_incident(_pushed(data))


def read(report: VendorReport) -> Iterable[ReportResult]:
    """One incident, which keeps its number until it is closed."""
    if not _is_incident(report.record.data):
        report = replace(report, record=Record(_pushed(report.record.data), "message.data", report.findings))
    incident = report.record.record("incident")
    if report.record.text("version").lower() == "test":
        yield Skipped("It is Google's test notification; it arrived, and nobody is paged by it.")
        return
    documentation = incident.get("documentation")
    written = (
        incident.record("documentation").text("content")
        if isinstance(documentation, dict)
        else str(documentation or "")
    )
    resource = incident.record("resource")
    name = incident.text("condition_name") or incident.text("policy_name")
    place = incident.text("resource_display_name", "resource_name", "resource_id")
    word = incident.text("severity") or incident.record("policy_user_labels").text("severity")
    yield report.signal(
        key=incident.text("incident_id"),
        state=incident.text("state"),
        states=_STATES,
        title=f"{name}: {place}" if place else name,
        severity=report.severity(word, _SEVERITIES),
        description="\n\n".join(filter(None, (incident.text("summary"), written))),
        labels={
            "alertname": name,
            "policy": incident.text("policy_name"),
            "project": incident.text("scoping_project_id"),
            "resource": place,
            "resource_type": resource.text("type"),
            **{entry: resource.record("labels").text(entry) for entry in resource.record("labels").data},
            **{entry: incident.record("policy_user_labels").text(entry) for entry in _names(incident)},
        },
        links=report.url("Incident in Google Cloud", incident.text("url")),
        starts_at=incident.time("started_at"),
    )


def _names(incident: Record) -> list[str]:
    return list(incident.record("policy_user_labels").data)


def _is_incident(data: Mapping[str, Any]) -> bool:
    incident = data.get("incident")
    return isinstance(incident, dict) and "incident_id" in incident and any(name in incident for name in _TELLING)


def _pushed(data: Mapping[str, Any]) -> dict[str, Any]:
    message = data.get("message")
    sent = message.get("data") if isinstance(message, dict) and "subscription" in data else None
    if not isinstance(sent, str):
        return {}
    try:
        found = load_json(base64.b64decode(sent, validate=True))
    except (binascii.Error, ValueError, Malformed):
        return {}
    return found if isinstance(found, dict) else {}


_SAMPLE = """{"version": "1.2", "incident": {"incident_id": "0.mustersample", "state": "%s", "severity": "Critical",
 "policy_name": "Sample", "condition_name": "CPU of a sample", "scoping_project_id": "sample",
 "resource_display_name": "web1", "summary": "CPU of web1 is above the threshold.", "started_at": 1796029200,
 "url": "https://console.cloud.google.com/monitoring/alerting/alerts/0.mustersample"}}"""

GCP_MONITORING = Vendor(
    name="gcp-monitoring",
    title="Google Cloud Monitoring",
    family=CLOUDS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "open",
    recovery=_SAMPLE % "closed",
    steps=(
        Step("Under Alerting, Edit notification channels, add a webhook with this URL.", "Endpoint URL"),
        Step(
            "Or let a Pub/Sub channel's topic push here; choose it in each policy, with notices on closure switched on.",
            "gcloud",
            "gcloud pubsub subscriptions create muster --topic=TOPIC --push-endpoint=MUSTER-ADDRESS",
        ),
    ),
)
