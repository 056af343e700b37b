"""Netdata: webhooks of Netdata Cloud, and the same fields from an agent's own `custom_sender`."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import SenderProof
from muster.inbound.state_words import states
from muster.inbound.text import digest
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport
from muster.inbound.vendors.families import HOSTS

_STATES = states(
    "warning, critical",
    "clear",
    skipped={"removed, uninitialized, undefined": "Netdata does not know the alert's state; it is no problem yet."},
)
_REACH = states("false", "true")
_VALUE = re.compile(r"\s*(?:=|\bis\b|\bwas\b|\bat\b|:\s*-?\d).*", re.DOTALL)


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An alert on a chart, or whether a node is reachable."""
    status = data.get("status")
    reach = "host" in data and isinstance(status, dict) and "reachable" in status
    return {"alert", "chart", "severity"} <= data.keys() or reach


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An alert is named by node, chart and name; Cloud tells the node only at the head of its message."""
    record, message = report.record, report.record.text("message")
    if isinstance(record.get("status"), dict):
        host = record.text("host")
        yield report.signal(
            key=f"reachable:{host}", state=record.record("status").text("reachable"), states=_REACH,
            title=f"{host} is not reachable", severity=report.severity(record.text("severity")), description=message,
            labels={"host": host, "space": record.text("space")}, links=report.link("Netdata", "url"),
        )  # fmt: skip
        return
    name, severity = record.text("alert"), record.text("severity")
    host = record.text("host", "node", "hostname")
    subject = host or _VALUE.sub("", message).strip()
    node = host or (subject.partition(":")[0].strip() if ":" in subject else "")
    yield report.signal(
        key=digest("netdata", record.text("space"), subject, record.text("chart"), name),
        state=severity,
        states=_STATES,
        title=f"{name} on {node}" if node else f"{name} ({record.text('chart')})",
        severity=report.severity(severity),
        description="\n".join(filter(None, (message, record.text("info")))),
        labels={
            "alertname": name,
            "host": node,
            **{label: record.text(label) for label in ("chart", "context", "family", "class", "space")},
        },
        links=report.link("Netdata", "alert_url"),
        starts_at=record.time("date") if severity.lower() != "clear" else None,
    )


def answer(query: Mapping[str, str], secret: str) -> dict[str, str] | None:
    """The answer to Netdata Cloud's challenge: its token, signed with the shared secret."""
    token = query.get("crc_token", "")
    if not token or not secret:
        return None
    signed = hmac.new(secret.encode(), token.encode("utf-8", "replace"), hashlib.sha256).digest()
    return {"response_token": f"sha256={base64.b64encode(signed).decode()}"}


SENDER = r"""custom_sender() {
  curl -fsS --retry 3 --data-urlencode "host=${host}" --data-urlencode "alert=${name}" \
    --data-urlencode "chart=${chart}" --data-urlencode "severity=${status}" --data-urlencode "message=${alarm}" \
    --data-urlencode "info=${info}" --data-urlencode "alert_url=${goto_url}" 'MUSTER-ADDRESS/netdata' && sent=1
}
SEND_CUSTOM="YES"
DEFAULT_RECIPIENT_CUSTOM=muster"""
_SAMPLE = """{"message": "db1: ram_in_use = %s %%", "alert": "ram_in_use", "info": "RAM in use", "chart": "system.ram",
 "space": "sample", "severity": "%s", "date": "2026-01-01T00:00:00Z", "alert_url": "https://app.netdata.cloud/sample"}"""

NETDATA = Vendor(
    name="netdata",
    title="Netdata",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("93", "critical"),
    recovery=_SAMPLE % ("41", "clear"),
    proof=SenderProof(
        "secret",
        ("Authorization",),
        "bearer token",
        "In Netdata Cloud choose the authentication Bearer, and enter the secret as its token and as the challenge secret.",
    ),
    answer=answer,
    steps=(
        Step(
            "Set a secret under Change. In Netdata Cloud, under Alerts & Notifications, add a webhook with this URL.",
            "Webhook URL",
        ),
        Step("Or let an agent send by itself.", "health_alarm_notify.conf", SENDER),
    ),
)
