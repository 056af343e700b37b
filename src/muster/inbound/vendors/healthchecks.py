"""Healthchecks.io: a webhook whose request bodies are filled in from placeholders."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_STATES = states(
    "down", "up", skipped={"new, started, paused, grace": "The check is neither down nor up; nothing is wrong yet."}
)


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """The fields of our template."""
    return {"check_name", "check_uuid", "status"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A check that did not report in time, or reported again."""
    record = report.record
    name = record.text("check_name")
    yield report.signal(
        key=identity(record.text("check_uuid"), kind="check"),
        state=record.text("status"),
        states=_STATES,
        title=f"{name} is late or failed",
        severity=report.severity("down", {"down": "high"}),
        labels={"alertname": name, "tags": record.text("tags")},
        starts_at=record.time("now") if record.text("status") == "down" else None,
    )


_BODY = '{"check_name": "$NAME", "check_uuid": "$CODE", "status": "$STATUS", "tags": "$TAGS", "now": "$NOW"}'
_SAMPLE = """{"check_name": "Nightly backup", "check_uuid": "00000000-0000-4000-8000-000000000000", "status": "%s",
 "tags": "backup", "now": "2026-01-01T00:00:00Z"}"""

HEALTHCHECKS = Vendor(
    name="healthchecks",
    title="Healthchecks.io",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "down",
    recovery=_SAMPLE % "up",
    proof=ANY_HEADER,
    steps=(
        Step("Add a webhook integration with the method POST and this URL, both when a check goes down and up.", "URL"),
        Step("Set the header Content-Type: application/json, and give both this body.", "Request body", _BODY),
    ),
)
