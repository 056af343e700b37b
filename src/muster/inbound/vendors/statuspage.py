"""Statuspage: what the status page of somebody you depend on tells its subscribers."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_INCIDENT = states(
    "investigating, identified, monitoring",
    "resolved, postmortem, completed",
    skipped={"scheduled, in_progress, verifying": "It is a scheduled maintenance."},
)
_COMPONENT = states(
    "degraded_performance, partial_outage, major_outage",
    "operational",
    skipped={"under_maintenance": "It is being maintained."},
)
_IMPACTS: SeverityTable = {
    "none": "low", "minor": "medium", "major": "high", "critical": "critical", "degraded_performance": "medium",
    "partial_outage": "high", "major_outage": "critical",
}  # fmt: skip


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A page, and an incident or a component of it."""
    incident, component = data.get("incident"), data.get("component")
    return isinstance(data.get("page"), dict) and (
        (isinstance(incident, dict) and "impact" in incident) or (isinstance(component, dict) and "status" in component)
    )


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An incident until it is resolved, or a component until it is operational."""
    page, incident = report.record.record("page"), report.record.record("incident")
    if not incident.data:
        component = report.record.record("component")
        state = component.text("status")
        yield report.signal(
            key=identity(page.text("id"), component.text("id"), kind="component"), state=state, states=_COMPONENT,
            title=f"{component.text('name')}: {state.replace('_', ' ')}", severity=report.severity(state, _IMPACTS),
            labels={"page": page.text("id"), "component": component.text("name")},
        )  # fmt: skip
        return
    updates = incident.records("incident_updates")
    yield report.signal(
        key=identity(incident.text("id"), kind="incident"),
        state=incident.text("status"),
        states=_INCIDENT,
        title=incident.text("name"),
        severity=report.severity(incident.text("impact"), _IMPACTS),
        description=updates[0].text("body") if updates else "",
        labels={"page": page.text("id"), "impact": incident.text("impact")},
        links=report.url("Status page", incident.text("shortlink")),
        starts_at=incident.time("created_at"),
    )


_SAMPLE = """{"page": {"id": "sample", "status_description": "Partial outage"}, "incident": {"id": "1907",
 "name": "Delayed deliveries", "status": "%s", "impact": "major", "created_at": "2026-01-01T00:00:00Z",
 "shortlink": "https://stspg.example.org/1907", "incident_updates": [{"body": "We look into it."}]}}"""

STATUSPAGE = Vendor(
    name="statuspage",
    title="Statuspage",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "investigating",
    recovery=_SAMPLE % "resolved",
    steps=(Step("On the page, choose Subscribe to updates, Webhook, and give this URL.", "Webhook URL"),),
)
