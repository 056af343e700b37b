"""PRTG: a notification of the type Execute HTTP Action, with placeholders in its payload."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport
from muster.inbound.vendors.families import HOSTS

_STATES = states(
    "down, down (partial), warning, unusual, unknown, error",
    "up",
    "down (acknowledged)",
    {"paused": "The sensor is paused."},
)
_ENDED = re.compile(r".+ ended \(now: (.+)\)", re.IGNORECASE)
_PAUSED = re.compile(r"paused\b.*", re.IGNORECASE)
_SEVERITIES: SeverityTable = {
    "down": "high",
    "down (partial)": "medium",
    "warning": "medium",
    "unusual": "low",
    "unknown": "medium",
}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A sensor of a device, with its status."""
    return {"sensorid", "device", "status"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A sensor's status; `Down ended (now: Up)` says what it is now."""
    record = report.record
    told = record.text("status").strip()
    ended = _ENDED.fullmatch(told)
    state = ended.group(1) if ended else told
    state = "paused" if _PAUSED.fullmatch(state) else state
    sensor, device = record.text("sensor", "name"), record.text("device")
    yield report.signal(
        key=f"sensor:{record.text('sensorid')}" if record.text("sensorid") else "",
        state=state,
        states=_STATES,
        title=f"{sensor} on {device}",
        severity=report.severity(state, _SEVERITIES),
        description=record.text("message", "lastmessage"),
        labels={
            "alertname": sensor,
            "host": device,
            **{name: record.text(name) for name in ("group", "probe", "priority", "site")},
        },
        links=report.link("Sensor in PRTG", "link", "linksensor"),
    )


_PAYLOAD = "sensorid=%sensorid&sensor=%name&device=%device&group=%group&probe=%probe&status=%status&message=%message"
_SAMPLE = """{"sensorid": "2001", "sensor": "Ping", "device": "fw1", "status": "%s", "message": "%s"}"""

PRTG = Vendor(
    name="prtg",
    title="PRTG",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("Down", "timeout"),
    recovery=_SAMPLE % ("Up", "3 msec"),
    steps=(
        Step(
            "Add a notification template with Execute HTTP Action, this URL and the method POST.",
            "URL",
            "MUSTER-ADDRESS/prtg",
        ),
        Step("Give it this payload.", "Payload", _PAYLOAD),
        Step(
            "Add a state trigger: when the sensor is down, and the same notification when it is not down any more.",
            "Trigger",
            "State trigger",
        ),
    ),
)
