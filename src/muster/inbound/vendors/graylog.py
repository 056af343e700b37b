"""Graylog: the HTTP notification of an event definition. It tells of no recovery."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import ENDS_AFTER
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_FOUND = states("found")
_PRIORITIES: SeverityTable = {"1": "low", "2": "medium", "3": "high", "4": "critical"}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An event and its definition."""
    return "event_definition_id" in data and isinstance(data.get("event"), dict)


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A definition found something; its key fields tell several of its alerts apart."""
    record, event = report.record, report.record.record("event")
    if record.text("event_definition_type") == "test-dummy-v1":
        yield Skipped("It is Graylog's test notification; it arrived, and nobody is paged by it.")
        return
    name = record.text("event_definition_title") or event.text("message")
    yield report.signal(
        key=identity(record.text("event_definition_id"), event.text("key"), kind="event"),
        state="found",
        states=_FOUND,
        title=event.text("message") or name,
        severity=report.severity(event.text("priority"), _PRIORITIES),
        description=record.text("event_definition_description"),
        labels={"alertname": name, "host": event.text("source"), "key": event.text("key")},
        starts_at=event.time("timestamp"),
    )


_SAMPLE = """{"event_definition_id": "muster-sample", "event_definition_type": "aggregation-v1",
 "event_definition_title": "Errors of the shop", "event_definition_description": "",
 "event": {"id": "1", "timestamp": "2026-01-01T00:00:00Z", "message": "Errors of the shop", "source": "web1", "key": "",
  "priority": 3, "alert": true, "fields": {}}, "backlog": []}"""

GRAYLOG = Vendor(
    name="graylog",
    title="Graylog",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE,
    options=ENDS_AFTER,
    steps=(
        Step(
            "Add a notification of the type HTTP Notification with this URL, and allow the URL when Graylog asks.",
            "URL",
        ),
        Step(
            "Graylog tells of no recovery. Let alerts end by themselves if you want that.",
            "Options",
            '{"ends_after": "2h"}',
        ),
    ),
)
