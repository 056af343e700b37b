"""LibreNMS: a transport of the type API whose body holds the alert's fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport, identity
from muster.inbound.vendors.families import HOSTS

_STATES = states("1, 3, 4, 5", "0", "2")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A device, a rule and a state."""
    return {"device_id", "rule_id", "state"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A rule on a device: 0 is over, 1 is new, 2 acknowledged, 3 worse, 4 better, 5 changed."""
    record = report.record
    device, rule = record.text("device_id"), record.text("rule_id")
    name, host = record.text("name"), record.text("hostname", "sysName", "display")
    yield report.signal(
        key=identity(device, rule, kind="device")
        if device and rule
        else identity(record.text("alert_id"), kind="alert"),
        state=record.text("state"),
        states=_STATES,
        title=record.text("title") or f"{name} on {host}",
        severity=report.severity(record.text("severity")),
        description=record.text("msg"),
        labels={
            "alertname": name,
            "host": host,
            **{name: record.text(name) for name in ("sysName", "os", "type", "location", "ip")},
        },
        starts_at=None,
    )


_BODY = """{"title": "{{ $title }}", "hostname": "{{ $hostname }}", "sysName": "{{ $sysName }}", "device_id": "{{ $device_id }}",
 "rule_id": "{{ $rule_id }}", "alert_id": "{{ $alert_id }}", "name": "{{ $name }}", "severity": "{{ $severity }}",
 "state": "{{ $state }}", "os": "{{ $os }}", "type": "{{ $type }}", "ip": "{{ $ip }}", "location": "{{ $location }}"}"""
_SAMPLE = """{"title": "Alert for device sw1", "hostname": "sw1", "device_id": "2", "rule_id": "13", "alert_id": "26",
 "name": "Devices up/down", "severity": "%s", "state": "%s"}"""

LIBRENMS = Vendor(
    name="librenms",
    title="LibreNMS",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("critical", "1"),
    recovery=_SAMPLE % ("ok", "0"),
    proof=ANY_HEADER,
    steps=(
        Step(
            "Add a transport of the type API with the method POST and this URL.", "API URL", "MUSTER-ADDRESS/librenms"
        ),
        Step("Set the header.", "Headers", "Content-Type=application/json"),
        Step("Give it this body.", "Body", _BODY),
    ),
)
