"""Checkmk: a notification script that posts its variables, under Checkmk's own names or in lower case."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport
from muster.inbound.vendors.families import HOSTS
from muster.inbound.vendors.plugins import notification


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """Type and subject (`WHAT`) of a notification."""
    return ("NOTIFICATIONTYPE" in data and "WHAT" in data) or ("notification_type" in data and "what" in data)


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A host or a service; `SERVICEDESC` is empty for hosts."""
    record = report.record
    service = record.text("SERVICEDESC", "service", "service_description")
    host = record.text("HOSTNAME", "host")
    about = "SERVICE" if service else "HOST"
    yield notification(
        report,
        kind=record.text("NOTIFICATIONTYPE", "notification_type"),
        host=host,
        service=service,
        state=record.text(f"{about}STATE", "status", "state"),
        output=record.text(f"{about}OUTPUT", "output"),
        details=record.text(f"LONG{about}OUTPUT", "long_output").replace("\\n", "\n"),
        site=record.text("OMD_SITE", "site"),
        labels={"address": record.text("HOSTADDRESS", "address"), "alias": record.text("HOSTALIAS", "alias")},
    )


SCRIPT = r"""#!/bin/bash
# Muster
args=()
for name in NOTIFICATIONTYPE WHAT OMD_SITE HOSTNAME HOSTALIAS HOSTADDRESS HOSTSTATE HOSTOUTPUT \
            SERVICEDESC SERVICESTATE SERVICEOUTPUT LONGSERVICEOUTPUT; do
  full="NOTIFY_$name"
  args+=(--data-urlencode "$name=${!full}")
done
exec curl -fsS --retry 3 "${args[@]}" 'MUSTER-ADDRESS/checkmk'"""
_SAMPLE = """{"NOTIFICATIONTYPE": "%s", "WHAT": "SERVICE", "OMD_SITE": "muster", "HOSTNAME": "db1", "SERVICEDESC": "CPU load",
 "SERVICESTATE": "%s", "SERVICEOUTPUT": "15 min load: %s"}"""

CHECKMK = Vendor(
    name="checkmk",
    title="Checkmk",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("PROBLEM", "CRIT", "40"),
    recovery=_SAMPLE % ("RECOVERY", "OK", "1"),
    steps=(
        Step(
            "As the site's user, save this script and make it executable.",
            "~/local/share/check_mk/notifications/muster",
            SCRIPT,
        ),
        Step("Under Setup, Notifications, add a rule with the method Muster.", "Method", "Muster"),
    ),
)
