"""Splunk Observability Cloud (SignalFx): webhooks of detectors."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_STATES = states("anomalous", "ok, manually resolved")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A detector's incident and how it stands."""
    return {"incidentId", "statusExtended"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An incident; a detector that was stopped says nothing of what it watched, so that its alert stays."""
    record = report.record
    name, detector = record.text("rule") or record.text("messageTitle"), record.text("detector")
    yield report.signal(
        key=identity(record.text("incidentId"), kind="incident"),
        state=record.text("statusExtended"),
        states=_STATES,
        title=f"{detector}: {name}" if detector and detector != name else name,
        severity=report.severity(record.text("severity")),
        description=record.text("messageBody") or record.text("description"),
        labels={"alertname": name, "detector": detector, "metric": record.text("originatingMetric")},
        links=(
            *report.link("Detector", "detectorUrl"),
            *report.link("Runbook", "runbookUrl"),
            *report.link("Image", "imageUrl"),
        ),
        starts_at=record.time("timestamp") if record.text("statusExtended") == "anomalous" else None,
    )


_SAMPLE = """{"incidentId": "muster-sample", "statusExtended": "%s", "severity": "Critical", "rule": "CPU above 90",
 "detector": "CPU of the shop", "detectorUrl": "https://app.signalfx.com/#/detector/sample",
 "originatingMetric": "cpu.utilization", "messageBody": "CPU of web1", "timestamp": "2026-01-01T00:00:00Z"}"""

SIGNALFX = Vendor(
    name="signalfx",
    title="Splunk Observability (SignalFx)",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "anomalous",
    recovery=_SAMPLE % "ok",
    proof=ANY_HEADER,
    steps=(
        Step("Under Data Management, add a webhook integration with this URL and the preset payload.", "URL"),
        Step("Add it as a recipient of each detector's rules.", "Recipient", "muster"),
    ),
)
