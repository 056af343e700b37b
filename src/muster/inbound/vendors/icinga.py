"""Icinga 2: a notification command that posts the runtime macros of the notification, the host and the service."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport
from muster.inbound.vendors.families import HOSTS
from muster.inbound.vendors.plugins import notification


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A notification's type and a host, under the names of Icinga's macros."""
    return "notification_type" in data and "host_name" in data and "what" not in data


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A host or a service; the service's fields are empty for hosts."""
    record = report.record
    service = record.text("service_name", "service_description")
    about = "service" if service else "host"
    yield notification(
        report,
        kind=record.text("notification_type"),
        host=record.text("host_name"),
        service=service,
        state=record.text(f"{about}_state"),
        output=record.text(f"{about}_output"),
        labels={"address": record.text("host_address")},
        links=report.link("Icinga", "url", "notes_url"),
    )


COMMAND = r"""object NotificationCommand "muster" {
  command = [ "/usr/bin/curl", "-fsS", "--retry", "3", "MUSTER-ADDRESS/icinga" ]
  arguments = {
    "-dtype" = { key = "--data-urlencode"; value = "notification_type=$notification.type$" }
    "-dhost" = { key = "--data-urlencode"; value = "host_name=$host.name$" }
    "-dhoststate" = { key = "--data-urlencode"; value = "host_state=$host.state$" }
    "-dhostoutput" = { key = "--data-urlencode"; value = "host_output=$host.output$" }
    "-dservice" = { key = "--data-urlencode"; value = "service_name=$service.name$" }
    "-dstate" = { key = "--data-urlencode"; value = "service_state=$service.state$" }
    "-doutput" = { key = "--data-urlencode"; value = "service_output=$service.output$" }
  }
}
object User "muster" { }
apply Notification "muster" to Service { command = "muster", users = [ "muster" ], assign where true }
apply Notification "muster" to Host { command = "muster", users = [ "muster" ], assign where true }"""
_SAMPLE = """{"notification_type": "%s", "host_name": "db1", "service_name": "disk", "service_state": "%s",
 "service_output": "DISK %s", "host_address": "192.0.2.10"}"""

ICINGA = Vendor(
    name="icinga",
    title="Icinga",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("PROBLEM", "CRITICAL", "CRITICAL"),
    recovery=_SAMPLE % ("RECOVERY", "OK", "OK"),
    steps=(Step("Add this to the configuration and reload Icinga.", "conf.d/muster.conf", COMMAND),),
)
