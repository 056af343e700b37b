"""Checkly: the webhook of an alert channel, with its preset template."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import SenderProof
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_STATES = states(
    "alert_failure, alert_failure_remain, alert_failure_degraded, alert_degraded, alert_degraded_remain, "
    "alert_degraded_failure, alert_ssl",
    "alert_recovery, alert_degraded_recovery",
    skipped={"no_alert": "Checkly says that there is no alert."},
)
_SEVERITIES: SeverityTable = {
    **dict.fromkeys(("alert_failure", "alert_failure_remain", "alert_degraded_failure"), "high"),
    **dict.fromkeys(("alert_degraded", "alert_degraded_remain", "alert_failure_degraded", "alert_ssl"), "medium"),
}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A check and the type of the alert."""
    return {"alert_type", "check_id", "check_name"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A check; a certificate that runs out is an alert of its own, which Checkly does not end."""
    record = report.record
    kind, name = record.text("alert_type"), record.text("check_name")
    certificate = kind.lower() == "alert_ssl"
    yield report.signal(
        key=identity(record.text("check_id"), "ssl" if certificate else "", kind="check"),
        state=kind,
        states=_STATES,
        title=f"{name}: certificate runs out" if certificate else name,
        severity=report.severity(kind, _SEVERITIES),
        description=record.text("check_error_message") or record.text("event"),
        labels={
            "alertname": name,
            **{label: record.text(label) for label in ("group_name", "check_type", "run_location", "tags")},
        },
        links=report.link("Checkly", "link"),
        starts_at=record.time("started_at"),
    )


_BODY = """{"event": "{{ALERT_TITLE}}", "alert_type": "{{ALERT_TYPE}}", "check_name": "{{CHECK_NAME}}",
 "check_id": "{{CHECK_ID}}", "check_type": "{{CHECK_TYPE}}", "group_name": "{{GROUP_NAME}}",
 "check_error_message": "{{CHECK_ERROR_MESSAGE}}", "run_location": "{{RUN_LOCATION}}", "started_at": "{{STARTED_AT}}",
 "tags": "{{TAGS}}", "link": "{{RESULT_LINK}}"}"""
_SAMPLE = """{"event": "Login has %s", "alert_type": "%s", "check_name": "Login", "check_id": "c-77",
 "check_type": "BROWSER", "started_at": "2026-01-01T00:00:00Z", "link": "https://app.checklyhq.com/checks/c-77"}"""

CHECKLY = Vendor(
    name="checkly",
    title="Checkly",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("failed", "ALERT_FAILURE"),
    recovery=_SAMPLE % ("recovered", "ALERT_RECOVERY"),
    proof=SenderProof("signature", ("x-checkly-signature",), "webhook secret", "Enter it with the alert channel."),
    steps=(
        Step("Add an alert channel of the type Webhook with this URL and the method POST.", "URL"),
        Step("Give it this body.", "Body", _BODY),
    ),
)
