"""Zabbix: what a webhook media type of one's own sends. Its recovery carries the number of the problem's event."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.text import digest
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport
from muster.inbound.vendors.families import HOSTS

_STATES = states("1, problem, update", "0, resolved, ok", "acknowledged")
_SEVERITIES: SeverityTable = {
    "0": "low",
    "1": "low",
    "2": "medium",
    "3": "medium",
    "4": "high",
    "5": "critical",
    "not classified": "low",
}
_EVENT = re.compile(r"[?&]eventid=(\d+)")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """An event with its value, or a trigger with its severity, under the names that Zabbix's macros suggest."""
    names = data.keys()
    return (
        {"event_id", "event_value"} <= names
        or {"trigger_id", "nseverity"} <= names
        or {"hostname", "trigger", "severity", "status"} <= names
    )


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A problem is over only when value and status agree on it."""
    record = report.record
    value, status = _macro(record.text("event_value")), _macro(record.text("status", "event_status"))
    name = record.text("event_name", "trigger_name", "trigger")
    host = record.text("host_name", "host_visible", "host", "hostname")
    link = record.text("link", "url", "generator_url")
    event = _macro(record.text("event_id")) or next(iter(_EVENT.findall(link)), "")
    state = value or status
    meanings = {_STATES.known(word) for word in (value, status) if word}
    doubt = f"The event's value is {value} and its status {status}: taken as a problem." if len(meanings) > 1 else ""
    if not doubt and _STATES.known(state) == "firing" and _acknowledges(record.text("event_update_action")):
        state = "acknowledged"
    title = f"{name} on {host}" if host and host not in name else name
    yield report.signal(
        key=event or digest("zabbix", host, record.text("trigger_id") or name),
        state=state,
        states=_STATES,
        doubt=doubt,
        title=title,
        severity=report.severity(record.text("event_nseverity", "nseverity"), _SEVERITIES)
        or report.severity(record.text("event_severity", "severity"), _SEVERITIES),
        description=record.text("event_opdata", "item_value", "item"),
        labels={
            "alertname": name,
            "host": host,
            "trigger": record.text("trigger_id"),
            "severity": record.text("event_severity", "severity"),
        },
        links=report.url("Zabbix", link),
    )


def _macro(text: str) -> str:
    """A macro's value; one that Zabbix could not fill in is none."""
    return "" if text.startswith(("{", "*UNKNOWN")) else text


def _acknowledges(action: str) -> bool:
    return "acknowledged" in [word.strip() for word in action.lower().split(",")]


SCRIPT = """var p = JSON.parse(value), r = new HttpRequest();
r.addHeader('Content-Type: application/json');
r.post(p.url, JSON.stringify(p));
if (r.getStatus() !== 200) { throw 'Muster answered ' + r.getStatus(); }
return 'OK';"""
PARAMETERS = """url                  MUSTER-ADDRESS
event_id             {EVENT.ID}
event_value          {EVENT.VALUE}
event_update_action  {EVENT.UPDATE.ACTION}
event_name           {EVENT.NAME}
event_nseverity      {EVENT.NSEVERITY}
event_severity       {EVENT.SEVERITY}
event_opdata         {EVENT.OPDATA}
host_name            {HOST.NAME}
trigger_id           {TRIGGER.ID}
link                 {$ZABBIX.URL}/tr_events.php?triggerid={TRIGGER.ID}&eventid={EVENT.ID}"""
_SAMPLE = """{"event_id": "55021", "event_value": "%s", "event_name": "Free space below 10 %% on vol3",
 "event_nseverity": "4", "event_severity": "High", "host_name": "nas3", "trigger_id": "1907"}"""

ZABBIX = Vendor(
    name="zabbix",
    title="Zabbix",
    family=HOSTS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "1",
    recovery=_SAMPLE % "0",
    proof=ANY_HEADER,
    steps=(
        Step("Add a media type Webhook with these parameters, and no others.", "Parameters", PARAMETERS),
        Step("Give it this script.", "Script", SCRIPT),
        Step(
            "Give the media to a user, and let a trigger action send problems, recoveries and updates to that user.",
            "Send to",
            "muster",
        ),
    ),
)
