"""New Relic: issues of workflows by the default template, and incidents of the older notification channels."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.record import Record
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.text import compact
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_STATES = states("created, activated, open, opened", "closed", "acknowledged")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An issue with its page, or an incident of a policy's condition."""
    incident = data.get("incident")
    nested = isinstance(incident, dict) and "condition_id" in incident and "policy_id" in incident
    return (
        ("issueUrl" in data and "state" in data)
        or nested
        or ("current_state" in data and "condition_name" in data and "policy_name" in data)
    )


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An issue or an incident; both carry one identifier from beginning to end."""
    record = report.record
    if "issueUrl" in record.data:
        yield report.signal(
            key=record.text("id", "issueId"),
            state=record.text("state"),
            states=_STATES,
            title=record.text("title") or f"New Relic issue {record.text('id')}",
            severity=report.severity(record.text("priority")),
            labels={
                "entity": _joined(record, "impactedEntities"),
                "policy": _joined(record, "alertPolicyNames"),
                "condition": _joined(record, "alertConditionNames"),
                "workflow": record.text("workflowName"),
            },
            links=report.link("New Relic", "issueUrl"),
            starts_at=record.time("createdAt"),
        )
        return
    targets = record.records("targets")
    if targets and all(target.text("product") == "TESTING" for target in targets):
        yield Skipped("It is New Relic's test notification; it arrived, and nobody is paged by it.")
        return
    incident = record.record("incident") if isinstance(record.get("incident"), dict) else record
    condition = incident.text("condition_name")
    names = [target.text("name") for target in targets if target.text("name")]
    details = record.record("details").text("message") if isinstance(record.get("details"), dict) else ""
    yield report.signal(
        key=identity(incident.text("incident_id", "id"), kind="incident"),
        state=incident.text("current_state", "state"),
        states=_STATES,
        title=f"{condition}: {', '.join(names)}" if names else condition,
        severity=report.severity(incident.text("severity")),
        description=details or (incident.text("details") if incident is record else ""),
        labels={
            "policy": incident.text("policy_name"),
            "condition": condition,
            "account": incident.text("account_name"),
        },
        links=(
            *report.url("New Relic", incident.text("incident_url", "url")),
            *report.url("Runbook", incident.text("runbook_url")),
        ),
        starts_at=incident.time("timestamp"),
    )


def _joined(record: Record, name: str) -> str:
    value = record.get(name)
    return ", ".join(compact(part) for part in value) if isinstance(value, list) else compact(value)


_SAMPLE = """{"id": "muster-sample", "issueUrl": "https://radar-api.service.newrelic.com/accounts/1/issues/muster-sample",
 "title": "A sample issue", "priority": "CRITICAL", "impactedEntities": ["shop"], "totalIncidents": 1, "state": "%s",
 "trigger": "STATE_CHANGE", "isCorrelated": false, "createdAt": 1796029200000, "updatedAt": 1796029200000,
 "sources": ["newrelic"], "alertPolicyNames": ["Sample"], "alertConditionNames": ["Sample"], "workflowName": "muster"}"""

NEWRELIC = Vendor(
    name="newrelic",
    title="New Relic",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "ACTIVATED",
    recovery=_SAMPLE % "CLOSED",
    proof=ANY_HEADER,
    steps=(
        Step("Under Alerts, Destinations, add a webhook with this endpoint.", "Endpoint URL"),
        Step(
            "Let a workflow notify it, with the default template, when an issue is activated, acknowledged and closed.",
            "Channel",
            "muster",
        ),
    ),
)
