"""Sensu Go: events as a handler passes them on."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport, identity
from muster.inbound.vendors.families import HOSTS

_STATES = states("1, 2", "0")
_SEVERITIES: SeverityTable = {"1": "medium", "2": "critical"}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An entity and its check."""
    check = data.get("check")
    return isinstance(data.get("entity"), dict) and isinstance(check, dict) and "status" in check


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A check on an entity: 0 is well, 1 a warning, 2 critical; every other exit status fires."""
    check, entity = report.record.record("check"), report.record.record("entity")
    about, where = check.record("metadata"), entity.record("metadata")
    name, host = about.text("name") or check.text("name"), where.text("name") or entity.text("name")
    namespace = about.text("namespace") or where.text("namespace")
    labels = {**_labels(where.record("labels").data), **_labels(about.record("labels").data)}
    yield report.signal(
        key=identity(namespace, host, name) if host or name else "",
        state=check.text("status"),
        states=_STATES,
        title=f"{name} on {host}",
        severity=report.severity(check.text("status"), _SEVERITIES),
        description=check.text("output"),
        labels={**labels, "alertname": name, "host": host, "namespace": namespace},
        links=report.url("Runbook", about.record("annotations").text("runbook_url", "runbook")),
        starts_at=check.time("issued") if check.text("status") != "0" else None,
    )


def _labels(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in data.items() if isinstance(value, str)}


HANDLER = """---
type: Handler
api_version: core/v2
metadata:
  name: muster
spec:
  type: pipe
  command: curl -fsS --retry 3 -H 'Content-Type: application/json' --data-binary @- MUSTER-ADDRESS
  filters: [is_incident, not_silenced]
  timeout: 30"""
_SAMPLE = """{"entity": {"entity_class": "agent", "metadata": {"name": "web1", "namespace": "default"}},
 "check": {"metadata": {"name": "http", "namespace": "default"}, "status": %s, "state": "%s", "output": "HTTP %s",
  "issued": 1796029200}, "id": "00000000-0000-4000-8000-000000000000", "timestamp": 1796029200}"""

SENSU = Vendor(
    name="sensu",
    title="Sensu Go",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("2", "failing", "500"),
    recovery=_SAMPLE % ("0", "passing", "200"),
    steps=(
        Step("Create this handler with sensuctl create; is_incident lets recoveries through.", "muster.yml", HANDLER),
        Step("Name it in each check.", "spec", "handlers: [muster]"),
    ),
)
