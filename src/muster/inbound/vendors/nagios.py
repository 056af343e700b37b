"""Nagios and Naemon: notification commands that post the macros under their own names."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport
from muster.inbound.vendors.families import HOSTS
from muster.inbound.vendors.plugins import notification


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A notification's type and a host, under the names of Nagios's macros."""
    return "NOTIFICATIONTYPE" in data and "HOSTNAME" in data and "WHAT" not in data


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A host or a service; a macro that has no value stands there as `$SERVICEDESC$` or is empty."""
    record = report.record
    service = _macro(record.text("SERVICEDESC")) or _macro(record.text("SERVICENAME"))
    about = "SERVICE" if service else "HOST"
    yield notification(
        report,
        kind=record.text("NOTIFICATIONTYPE"),
        host=record.text("HOSTNAME"),
        service=service,
        state=_macro(record.text(f"{about}STATE")),
        output=_macro(record.text(f"{about}OUTPUT")),
        labels={"address": _macro(record.text("HOSTADDRESS"))},
    )


def _macro(text: str) -> str:
    return "" if text.startswith("$") and text.endswith("$") else text


COMMANDS = r"""define command {
  command_name  service-to-muster
  command_line  /usr/bin/curl -fsS --retry 3 --data-urlencode "NOTIFICATIONTYPE=$NOTIFICATIONTYPE$" \
    --data-urlencode "HOSTNAME=$HOSTNAME$" --data-urlencode "SERVICEDESC=$SERVICEDESC$" \
    --data-urlencode "SERVICESTATE=$SERVICESTATE$" --data-urlencode "SERVICEOUTPUT=$SERVICEOUTPUT$" MUSTER-ADDRESS/nagios
}
define command {
  command_name  host-to-muster
  command_line  /usr/bin/curl -fsS --retry 3 --data-urlencode "NOTIFICATIONTYPE=$NOTIFICATIONTYPE$" \
    --data-urlencode "HOSTNAME=$HOSTNAME$" --data-urlencode "HOSTSTATE=$HOSTSTATE$" \
    --data-urlencode "HOSTOUTPUT=$HOSTOUTPUT$" MUSTER-ADDRESS/nagios
}
define contact {
  contact_name                   muster
  service_notification_commands  service-to-muster
  host_notification_commands     host-to-muster
  service_notification_options   w,u,c,r
  host_notification_options      d,u,r
  service_notification_period    24x7
  host_notification_period       24x7
}"""
_SAMPLE = """{"NOTIFICATIONTYPE": "%s", "HOSTNAME": "web1", "SERVICEDESC": "HTTP", "SERVICESTATE": "%s",
 "SERVICEOUTPUT": "HTTP %s"}"""

NAGIOS = Vendor(
    name="nagios",
    title="Nagios and Naemon",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("PROBLEM", "CRITICAL", "CRITICAL"),
    recovery=_SAMPLE % ("RECOVERY", "OK", "OK"),
    steps=(
        Step(
            "Add these, put the contact muster into a contact group of your hosts and services, and reload Nagios.",
            "objects/muster.cfg",
            COMMANDS,
        ),
    ),
)
