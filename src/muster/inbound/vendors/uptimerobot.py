"""UptimeRobot: the webhook of an alert contact, sent with POST; names in either spelling."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_STATES = states("1, 3", "2")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A monitor's name and the type of the alert."""
    return {"alertType", "monitorFriendlyName"} <= data.keys() or {"alert_type", "monitor_friendly_name"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """1 is down, 2 up, 3 a certificate or domain that runs out, which is an alert of its own."""
    record = report.record
    kind, name = record.text("alertType", "alert_type"), record.text("monitorFriendlyName", "monitor_friendly_name")
    url = record.text("monitorURL", "monitor_url")
    number = record.text("monitorID", "monitor_id")
    expiry = kind == "3"
    yield report.signal(
        key=identity(number or f"{name} {url}".strip(), "expiry" if expiry else "", kind="monitor"),
        state=kind,
        states=_STATES,
        title=f"{name}: certificate or domain runs out" if expiry else f"{name} is down",
        severity=report.severity("expiry" if expiry else "down", {"expiry": "medium", "down": "high"}),
        description=record.text("alertDetails", "alert_details"),
        labels={"alertname": name, "address": url},
        links=report.url("Monitored address", url) if url.startswith("http") else (),
        starts_at=record.time("alertDateTime", "alert_datetime") if kind == "1" else None,
    )


_BODY = """{"monitorID": "*monitorID*", "monitorURL": "*monitorURL*", "monitorFriendlyName": "*monitorFriendlyName*",
 "alertType": "*alertType*", "alertTypeFriendlyName": "*alertTypeFriendlyName*", "alertDetails": "*alertDetails*",
 "alertDateTime": "*alertDateTime*"}"""
_SAMPLE = """{"monitorID": "1907", "monitorURL": "https://shop.example.org", "monitorFriendlyName": "Sample shop",
 "alertType": "%s", "alertTypeFriendlyName": "%s", "alertDetails": "%s", "alertDateTime": "1796029200"}"""

UPTIMEROBOT = Vendor(
    name="uptimerobot",
    title="UptimeRobot",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("1", "Down", "timeout"),
    recovery=_SAMPLE % ("2", "Up", "HTTP 200"),
    steps=(
        Step(
            "Add an alert contact of the type Webhook with this URL, a question mark at its end.",
            "URL",
            "MUSTER-ADDRESS/uptimerobot?",
        ),
        Step("Give it this POST value, and tick Send as JSON.", "POST value", _BODY),
    ),
)
