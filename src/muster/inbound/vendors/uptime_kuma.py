"""Uptime Kuma: its webhook with the preset body. Its test and its notices about certificates come without a heartbeat."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.text import digest
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport, identity
from muster.inbound.vendors.families import UPTIME

_STATES = states(
    "0",
    "1",
    skipped={"2": "The monitor is only pending; nothing is wrong yet.", "3": "The monitor is in maintenance."},
)
_NOTICE = states("notice")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A heartbeat, a monitor and a message; the first two may be null."""
    return {"heartbeat", "monitor", "msg"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A monitor that went down or came up again."""
    record, message = report.record, report.record.text("msg")
    if not isinstance(record.get("heartbeat"), dict):
        if message.rstrip().endswith("Testing"):
            yield Skipped("It is Uptime Kuma's test notification; it arrived, and nobody is paged by it.")
            return
        # A notice counts days down: without its numbers it is one alert however often it comes.
        yield report.signal(
            key=digest("uptime-kuma", re.sub(r"\d+", "#", message)),
            state="notice", states=_NOTICE, title=message, severity=report.severity("notice", {"notice": "low"}),
        )  # fmt: skip
        return
    beat, monitor = record.record("heartbeat"), record.record("monitor")
    name = monitor.text("name") or message
    yield report.signal(
        key=identity(monitor.text("id") or beat.text("monitorID"), kind="monitor"),
        state=beat.text("status"),
        states=_STATES,
        title=f"{name} is down",
        severity=report.severity("down", {"down": "high"}),
        description=beat.text("msg") or message,
        labels={"alertname": name, "type": monitor.text("type"), "host": monitor.text("hostname")},
        links=report.url("Monitored address", monitor.text("url"))
        if monitor.text("url") not in ("", "https://")
        else (),
        starts_at=record.record("heartbeat").time("time") if beat.text("status") == "0" else None,
    )


_SAMPLE = """{"heartbeat": {"monitorID": 7, "status": %s, "time": "2026-01-01 00:00:00.000", "msg": "%s"},
 "monitor": {"id": 7, "name": "Sample", "url": "https://shop.example.org", "type": "http"},
 "msg": "[Sample] %s"}"""

UPTIME_KUMA = Vendor(
    name="uptime-kuma",
    title="Uptime Kuma",
    family=UPTIME,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("0", "timeout", "timeout"),
    recovery=_SAMPLE % ("1", "200 - OK", "200 - OK"),
    proof=ANY_HEADER,
    steps=(
        Step("Add a notification of the type Webhook with this URL and the preset body application/json.", "Post URL"),
        Step("Give it to each monitor, or switch on Default enabled.", "Friendly name", "muster"),
    ),
)
