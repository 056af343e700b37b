"""AppDynamics: an HTTP request template that posts the events of a policy."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_STATES = states(
    "policy_open_critical, policy_open_warning, policy_open, policy_upgraded, policy_downgraded, "
    "policy_continues, policy_continues_critical, policy_continues_warning",
    "policy_close_critical, policy_close_warning, policy_close, policy_canceled_critical, policy_canceled_warning, policy_canceled",
)
_SEVERITIES: SeverityTable = {"error": "critical", "warn": "medium", "info": "low"}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """The fields of our template."""
    return {"event_type", "incident_id", "application"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A violation of a health rule, from its opening to its close."""
    record = report.record
    kind, name = record.text("event_type"), record.text("health_rule", "name")
    if kind.lower().startswith("test"):
        yield Skipped("It is AppDynamics's test; it arrived, and nobody is paged by it.")
        return
    entity = record.text("entity")
    yield report.signal(
        key=identity(record.text("incident_id"), kind="violation"),
        state=kind,
        states=_STATES,
        title=f"{name} on {entity}" if entity else name,
        severity=report.severity(record.text("severity"), _SEVERITIES),
        description=record.text("summary", "message"),
        labels={
            "alertname": name,
            "application": record.text("application"),
            "host": record.text("node"),
            "tier": record.text("tier"),
        },
        links=report.link("AppDynamics", "url"),
        starts_at=None,
    )


_TEMPLATE = """{"event_type": "${latestEvent.eventType}", "incident_id": "${latestEvent.incident.id}",
 "health_rule": "${latestEvent.healthRule.name}", "application": "${latestEvent.application.name}",
 "entity": "${latestEvent.affectedEntities[0].name}", "tier": "${latestEvent.tier.name}", "node": "${latestEvent.node.name}",
 "severity": "${latestEvent.severity}", "summary": "${latestEvent.summaryMessage}", "url": "${latestEvent.deepLink}"}"""
_SAMPLE = """{"event_type": "%s", "incident_id": "1907", "health_rule": "Response time", "application": "Shop",
 "entity": "checkout", "severity": "ERROR", "summary": "Response time of checkout", "url": "https://ad.example.org/#1907"}"""

APPDYNAMICS = Vendor(
    name="appdynamics",
    title="AppDynamics",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "POLICY_OPEN_CRITICAL",
    recovery=_SAMPLE % "POLICY_CLOSE_CRITICAL",
    proof=ANY_HEADER,
    steps=(
        Step(
            "Add an HTTP request template with the method POST and this URL.", "Raw URL", "MUSTER-ADDRESS/appdynamics"
        ),
        Step("Give it this payload of the type application/json.", "Payload", _TEMPLATE),
        Step(
            "Let a policy run it when a health rule violation opens, changes, ends and is canceled.", "Action", "muster"
        ),
    ),
)
