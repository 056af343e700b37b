"""Splunk: the webhook action of a saved search. It tells of no recovery."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import ENDS_AFTER
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_FOUND = states("found")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A search and where its results are."""
    return {"search_name", "results_link"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A saved search found something: the same search is the same alert, however often it finds it."""
    record, result = report.record, report.record.record("result")
    name = record.text("search_name")
    yield report.signal(
        key=identity(record.text("app"), name, kind="search") if name else "",
        state="found",
        states=_FOUND,
        title=name,
        severity=report.severity(result.text("severity", "urgency", "log_level") or "found", {"found": "medium"}),
        description=result.text("_raw", "message"),
        labels={
            "alertname": name,
            "app": record.text("app"),
            **{label: result.text(label) for label in ("host", "source", "sourcetype", "index", "service")},
        },
        links=report.link("Results in Splunk", "results_link"),
    )


_SAMPLE = """{"sid": "scheduler__sample", "search_name": "A sample search", "app": "search", "owner": "admin",
 "results_link": "https://splunk.example.org/app/search/@go?sid=scheduler__sample",
 "result": {"host": "web1", "sourcetype": "access_combined", "severity": "high", "count": "44"}}"""

SPLUNK = Vendor(
    name="splunk",
    title="Splunk",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE,
    options=ENDS_AFTER,
    steps=(
        Step("In the saved search's alert, add the action Webhook with this URL.", "URL"),
        Step(
            "Splunk tells of no recovery. Under Change, let alerts end by themselves if you want that.",
            "Options",
            '{"ends_after": "2h"}',
        ),
    ),
)
