"""Better Stack (Better Uptime): webhooks about incidents; those about monitors and on-call changes are no alerts."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport
from muster.inbound.vendors.families import UPTIME

_STATES = states("started, reopened", "resolved", "acknowledged")
_OTHER = ("monitor", "heartbeat", "on_call_calendar", "user")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An object of its API: an incident with its cause, or something else of its own with an event."""
    held = data.get("data")
    attributes = held.get("attributes") if isinstance(held, dict) else None
    if not isinstance(held, dict) or not isinstance(attributes, dict):
        return False
    return (held.get("type") == "incident" and "started_at" in attributes) or (
        held.get("type") in _OTHER and "event" in data
    )


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An incident by its event, or where that is not sent by what it says of itself."""
    held = report.record.record("data")
    incident = held.record("attributes")
    if held.text("type") != "incident":
        yield Skipped("It tells of a change to a monitor or to who is on call.")
        return
    told = incident.text("status")
    if not told and incident.text("resolved_at"):
        told = "resolved"
    elif not told:
        told = "acknowledged" if incident.text("acknowledged_at") else "started"
    state = report.record.text("event") or told
    doubt = ""
    if _STATES.known(state) == "resolved" and "resolved_at" in incident.data and not incident.text("resolved_at"):
        doubt = "Better Stack says resolved, but not since when: taken as a problem."
    name = incident.text("name") or incident.text("url")
    yield report.signal(
        key=f"incident:{held.text('id')}" if held.text("id") else "",
        state=state,
        states=_STATES,
        doubt=doubt,
        title=f"{name}: {incident.text('cause')}" if incident.text("cause") else name,
        severity=report.severity(incident.text("severity") or "incident", {"incident": "high"}),
        labels={"alertname": name, "team": incident.text("team_name")},
        links=(
            *report.url("Monitored address", incident.text("url")),
            *report.url("Screenshot", incident.text("screenshot_url")),
        ),
        starts_at=incident.time("started_at"),
    )


_SAMPLE = """{"event": "%s", "data": {"id": "1907", "type": "incident", "attributes": {"name": "Sample shop",
 "url": "https://shop.example.org", "cause": "Status 500", "started_at": "2026-01-01T00:00:00Z", "resolved_at": %s}}}"""

BETTERSTACK = Vendor(
    name="betterstack",
    title="Better Stack",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("started", "null"),
    recovery=_SAMPLE % ("resolved", '"2026-01-01T00:05:00Z"'),
    proof=ANY_HEADER,
    steps=(
        Step("Under Integrations, Exporting data, add a webhook of the type Incident with this URL.", "Webhook URL"),
    ),
)
