"""Pingdom: webhooks of uptime and transaction checks."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_STATES = states("down, failing, unconfirmed_down", "up, success")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A check and its states before and now."""
    return {"check_id", "current_state", "previous_state"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A check that went down or came up."""
    record = report.record
    name, params = record.text("check_name"), record.record("check_params")
    yield report.signal(
        key=identity(record.text("check_id"), kind="check"),
        state=record.text("current_state"),
        states=_STATES,
        title=f"{name} is down",
        severity=report.severity(record.text("importance_level") or "high"),
        description=record.text("long_description", "description"),
        labels={"alertname": name, "type": record.text("check_type"), "host": params.text("hostname")},
        links=report.url("Monitored address", params.text("full_url", "url") if params.text("full_url") else ""),
        starts_at=record.time("state_changed_timestamp"),
    )


_SAMPLE = """{"check_id": 1907, "check_name": "Sample shop", "check_type": "HTTP", "current_state": "%s",
 "previous_state": "%s", "importance_level": "HIGH", "state_changed_timestamp": 1796029200,
 "check_params": {"hostname": "shop.example.org", "full_url": "https://shop.example.org/"}}"""

PINGDOM = Vendor(
    name="pingdom",
    title="Pingdom",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("DOWN", "UP"),
    recovery=_SAMPLE % ("UP", "DOWN"),
    steps=(
        Step("Under Integrations, add a webhook with this URL.", "URL"),
        Step("Choose it in each check, with alerts when it is back up.", "Check", "Alert when back up"),
    ),
)
