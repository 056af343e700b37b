"""Kubernetes events of the type Warning, as an event exporter posts them. They have no recovery."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import ENDS_AFTER
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport, identity
from muster.inbound.vendors.families import HOSTS

_WARNING = states("warning", skipped={"normal": "The event is of the type Normal."})


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An event and the object that it regards."""
    about = data.get("involvedObject") or data.get("regarding")
    return isinstance(about, dict) and "reason" in data and "type" in data


def read(report: VendorReport) -> Iterable[ReportResult]:
    """One reason of one object is one alert, however often it is counted."""
    record = report.record
    about = (
        record.record("involvedObject")
        if isinstance(record.get("involvedObject"), dict)
        else record.record("regarding")
    )
    reason, name, space = record.text("reason"), about.text("name"), about.text("namespace")
    if not about.data:
        yield Skipped("The event regards no object.")
        return
    yield report.signal(
        key=identity(about.text("uid") or f"{about.text('kind')} {space} {name}", reason, kind="event"),
        state=record.text("type"),
        states=_WARNING,
        title=f"{reason}: {about.text('kind')} {name}",
        severity=report.severity(reason) or report.severity(record.text("type")),
        description=record.text("message", "note"),
        labels={
            "alertname": reason,
            "namespace": space,
            "kind": about.text("kind"),
            "name": name,
            "component": record.record("source").text("component") or record.text("reportingComponent"),
        },
        starts_at=record.time("firstTimestamp", "eventTime"),
    )


_CONFIG = """route:
  routes:
    - match: [{receiver: muster}]
      drop: [{type: Normal}]
receivers:
  - name: muster
    webhook:
      endpoint: MUSTER-ADDRESS/kubernetes-events
      headers: {Content-Type: application/json}"""
_SAMPLE = """{"kind": "Event", "apiVersion": "v1", "type": "Warning", "reason": "BackOff", "count": 3,
 "message": "Back-off restarting failed container", "firstTimestamp": "2026-01-01T00:00:00Z",
 "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "cart-0", "uid": "00000000-0000-4000-8000-000000000000"},
 "source": {"component": "kubelet"}}"""

KUBERNETES_EVENTS = Vendor(
    name="kubernetes-events",
    title="Kubernetes events",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE,
    proof=ANY_HEADER,
    options=ENDS_AFTER,
    steps=(Step("Run kubernetes-event-exporter with this configuration.", "config.yaml", _CONFIG),),
)
