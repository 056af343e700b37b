"""Dynatrace: a custom integration for problem notifications, with the payload that the integration's page shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_STATES = states("open", "resolved")
_SEVERITIES: SeverityTable = {
    **dict.fromkeys(("availability", "monitoring_unavailable"), "critical"),
    **dict.fromkeys(("error", "custom_alert"), "high"),
    **dict.fromkeys(("performance", "resource_contention"), "medium"),
}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A problem and its state."""
    return {"ProblemID", "State", "ProblemTitle"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A problem; one that was merged into another is not known to be over, so that it stays."""
    record = report.record
    if record.text("ProblemID") == "999" and record.text("ProblemTitle").lower().startswith(
        "dynatrace problem notification test"
    ):
        yield Skipped("It is Dynatrace's test notification; it arrived, and nobody is paged by it.")
        return
    title, place = record.text("ProblemTitle"), record.text("ImpactedEntity")
    yield report.signal(
        key=identity(record.text("PID") or record.text("ProblemID"), kind="problem"),
        state=record.text("State"),
        states=_STATES,
        title=title,
        severity=report.severity(record.text("ProblemSeverity") or record.text("ProblemImpact"), _SEVERITIES),
        description=record.text("ProblemDetailsText"),
        labels={
            "alertname": title,
            "entity": place,
            "impact": record.text("ProblemImpact"),
            "tags": record.text("Tags"),
            "problem": record.text("ProblemID"),
        },
        links=report.link("Dynatrace", "ProblemURL", "Problem URL"),
    )


_PAYLOAD = """{"PID": "{PID}", "ProblemID": "{ProblemID}", "State": "{State}", "ProblemTitle": "{ProblemTitle}",
 "ProblemSeverity": "{ProblemSeverity}", "ProblemImpact": "{ProblemImpact}", "ImpactedEntity": "{ImpactedEntity}",
 "ProblemURL": "{ProblemURL}", "Tags": "{Tags}"}"""
_SAMPLE = """{"PID": "1907", "ProblemID": "P-1907", "State": "%s", "ProblemTitle": "Response time degradation",
 "ProblemSeverity": "PERFORMANCE", "ProblemImpact": "SERVICE", "ImpactedEntity": "checkout", "Tags": "shop",
 "ProblemURL": "https://dynatrace.example.org/#problems/1907"}"""

DYNATRACE = Vendor(
    name="dynatrace",
    title="Dynatrace",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "OPEN",
    recovery=_SAMPLE % "RESOLVED",
    proof=ANY_HEADER,
    steps=(
        Step("Under Problem notifications, add a custom integration with this URL.", "Webhook URL"),
        Step("Give it this payload, and switch on Call webhook if problem is closed.", "Custom payload", _PAYLOAD),
    ),
)
