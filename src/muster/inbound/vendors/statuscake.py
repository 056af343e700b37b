"""StatusCake: the webhook of a contact group, which sends a form."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_STATES = states("down", "up")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A test's name, its address and its status."""
    return {"Name", "Status", "URL"} <= data.keys() and bool(
        {"StatusCode", "Token", "Checkrate", "TestID"} & data.keys()
    )


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A test that is down or up; name and address identify it where its number is not sent."""
    record = report.record
    name, url = record.text("Name"), record.text("URL")
    yield report.signal(
        key=identity(record.text("TestID"), name, url, kind="test"),
        state=record.text("Status"),
        states=_STATES,
        title=f"{name or url} is down",
        severity=report.severity("down", {"down": "high"}),
        description=f"Status code {record.text('StatusCode')}" if record.text("StatusCode") else "",
        labels={"alertname": name, "address": url, "tags": record.text("Tags"), "ip": record.text("IP")},
        links=report.url("Monitored address", url) if url.startswith("http") else (),
    )


_SAMPLE = """{"Name": "Sample shop", "URL": "https://shop.example.org", "Status": "%s", "StatusCode": "%s",
 "Checkrate": "60"}"""

STATUSCAKE = Vendor(
    name="statuscake",
    title="StatusCake",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("Down", "500"),
    recovery=_SAMPLE % ("Up", "200"),
    steps=(
        Step(
            "Under Contact groups, set this webhook URL with the method POST.",
            "Webhook URL",
            "MUSTER-ADDRESS/statuscake",
        ),
        Step("Choose the contact group in each test.", "Contact group", "muster"),
    ),
)
