"""The REST endpoint of VictorOps (Splunk On-Call), for everything that sends there: only its address is to be changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.alerts.signal import Signal
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport
from muster.inbound.vendors.families import PAGERS

REST = "/integrations/generic/20131114/alert"
_STATES = states(
    "critical, warning",
    "recovery",
    "acknowledgement",
    {"info": "INFO opens nothing; it is only told."},
)
_SEVERITIES: SeverityTable = {"critical": "critical", "warning": "medium"}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A message type and an entity."""
    return "message_type" in data and ("entity_id" in data or "entity_display_name" in data)


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A state of an entity. The routing key at the end of the address becomes a label."""
    record = report.record
    kind, entity = record.text("message_type"), record.text("entity_id")
    if not entity and _STATES.known(kind) in ("resolved", "acknowledged"):
        record.findings.fault("entity_id", f"For {kind}, the entity is needed.", "Send the entity_id of the problem.")
        return
    name = record.text("entity_display_name") or entity
    yield report.signal(
        key=entity,
        state=kind,
        states=_STATES,
        title=name or record.text("state_message"),
        severity=report.severity(kind, _SEVERITIES),
        description=record.text("state_message"),
        labels={
            "alertname": name,
            "host": record.text("host_name"),
            "tool": record.text("monitoring_tool"),
            "routing_key": _routing(report.request.path),
        },
        links=(*report.link("Source", "alert_url"), *report.link("Runbook", "runbook_url")),
        starts_at=record.time("state_start_time", "timestamp"),
    )


def _routing(path: str) -> str:
    """The last part of `…/alert/API-KEY/ROUTING-KEY`, or of `/victorops/API-KEY/ROUTING-KEY`."""
    for prefix in (f"{REST}/", "/victorops/"):
        if path.startswith(prefix):
            parts = [part for part in path[len(prefix) :].split("/") if part]
            return parts[1] if len(parts) > 1 else ""
    return ""


def reply(signals: tuple[Signal, ...]) -> dict[str, str]:
    """What VictorOps answers, since its clients look for it."""
    return {"result": "success", "entity_id": signals[0].key}


_SAMPLE = """{"message_type": "%s", "entity_id": "disk/db07", "entity_display_name": "Disk of db07",
 "state_message": "97 %% used", "monitoring_tool": "checks", "state_start_time": 1796029200}"""

VICTOROPS = Vendor(
    name="victorops",
    title="VictorOps (Splunk On-Call) senders",
    family=PAGERS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "CRITICAL",
    recovery=_SAMPLE % "RECOVERY",
    prefixes=(REST, "/victorops"),
    reply=reply,
    steps=(
        Step("Replace https://alert.victorops.com in the sender by this address.", "URL", f"MUSTER-ADDRESS{REST}/any/ROUTING-KEY"),
        Step("Alertmanager takes it as the base of its receiver.", "alertmanager.yml",
             "victorops_configs:\n  - api_url: MUSTER-ADDRESS/victorops/\n    api_key: any\n    routing_key: ROUTING-KEY"),
    ),
)  # fmt: skip
