"""Datadog's webhooks: our template, its default payload, and the usual variations of both."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.alerts.port import Request
from muster.inbound.record import Record
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.text import compact, digest
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_STATES = states(
    "triggered, re-triggered, no data, re-no data, warn, re-warn, renotify, re-notify, alert",
    "recovered",
)
_HEAD = re.compile(r"\[([A-Za-z][A-Za-z0-9 -]{0,30}?)(?: on \{([^}]*)\})?\]\s*")
_PRIORITY = re.compile(r"[Pp][1-5]")
_WORDS: SeverityTable = {"warn": "medium", "re-warn": "medium", "no data": "high", "re-no data": "high"}
_TYPES: SeverityTable = {"error": "high", "warning": "medium"}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """Its default payload and what people add to it, or a template with the transition of an alert."""
    default = "event_type" in data and "title" in data and isinstance(data.get("org"), dict)
    return default or ("alert_transition" in data and ("alert_id" in data or "alert_cycle_key" in data))


def read(report: VendorReport) -> Iterable[ReportResult]:
    """The state is the transition's, or that of the title where the template leaves it out."""
    record, alert = report.record, report.record.record("alert")
    head = _headed(_text(record, "title", "alert_title"))
    name = head.name
    transition = _text(record, "alert_transition", "transition") or _text(alert, "transition")
    scope = _text(record, "alert_scope", "scope") or _text(alert, "scope") or head.scope
    monitor = _text(record, "alert_id") or _text(alert, "id")
    cycle = _text(record, "alert_cycle_key", "cycle_key") or _text(alert, "cycleId", "cycle_key")
    cycle = cycle or _text(record, "aggreg_key", "aggregation_key")
    state = transition or head.state
    priority = _text(record, "alert_priority") or _text(alert, "priority") or _text(record, "priority")
    word = priority if _PRIORITY.fullmatch(priority) else head.priority
    alert_type = _text(record, "alert_type") or _text(alert, "type")
    grade = report.severity(word or state, _WORDS) or report.severity(alert_type, _TYPES)
    yield report.signal(
        key=cycle or (identity(monitor, scope, kind="monitor") if monitor else digest("datadog", name, scope)),
        state=state,
        states=_STATES,
        title=name,
        severity=grade,
        description=_text(record, "body").replace("%%%", "").strip(),
        labels={
            "alertname": name,
            "scope": scope,
            "host": _text(record, "hostname", "host_name"),
            "metric": _text(record, "alert_metric", "metric") or _text(alert, "metric"),
            "monitor": monitor,
            **_tags(record.get("tags")),
        },
        links=(*report.link("Datadog", "link"), *report.link("Image", "snapshot")),
        starts_at=None if state.lower().startswith("recover") else record.time("date", "last_updated"),
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands in brackets before a monitor's name: `[P1] [Triggered on {host:web1}] CPU`."""

    name: str
    state: str = ""
    scope: str = ""
    priority: str = ""


def _headed(title: str) -> _Head:
    head, rest = _Head(title.strip()), title.strip()
    while found := _HEAD.match(rest):
        word, scope = found.group(1), found.group(2) or ""
        if _PRIORITY.fullmatch(word):
            head = replace(head, priority=word)
        elif not head.state and (_STATES.known(word) or scope):
            head = replace(head, state=word, scope=scope)
        else:
            break
        rest = rest[found.end() :]
    return replace(head, name=rest.strip() or head.name)


def _text(record: Record, *names: str) -> str:
    """A value of the template; what Datadog left unfilled (`$ALERT_ID`, `null`) is none."""
    for name in names:
        value = record.data.get(name)
        text = ", ".join(compact(part) for part in value) if isinstance(value, list) else compact(value)
        if text and text != "null" and not re.fullmatch(r"\$[A-Z_]+", text):
            return text
    return ""


def _tags(written: Any) -> dict[str, str]:
    tags = written if isinstance(written, list) else str(written or "").split(",")
    pairs = (tag.strip().partition(":") for tag in tags if isinstance(tag, str))
    return {name: value for name, mark, value in pairs if mark and name and value}


TEMPLATE = """{"title": "$EVENT_TITLE", "body": "$TEXT_ONLY_MSG", "event_type": "$EVENT_TYPE",
 "alert_id": "$ALERT_ID", "alert_cycle_key": "$ALERT_CYCLE_KEY", "alert_transition": "$ALERT_TRANSITION",
 "alert_type": "$ALERT_TYPE", "alert_priority": "$ALERT_PRIORITY", "alert_scope": "$ALERT_SCOPE",
 "alert_metric": "$ALERT_METRIC", "hostname": "$HOSTNAME", "tags": "$TAGS", "date": "$DATE",
 "link": "$LINK", "snapshot": "$SNAPSHOT", "org": {"id": "$ORG_ID", "name": "$ORG_NAME"}}"""
_SAMPLE = """{"title": "[%s on {host:web1}] CPU of web1", "body": "CPU of web1.", "event_type": "query_alert_monitor",
 "alert_id": "1907", "alert_cycle_key": "muster-sample", "alert_transition": "%s", "alert_priority": "P2",
 "alert_scope": "host:web1", "hostname": "web1", "tags": "env:sample,service:shop", "date": "1796029200000",
 "link": "https://app.datadoghq.com/monitors/1907", "org": {"id": "9", "name": "Sample"}}"""

DATADOG = Vendor(
    name="datadog",
    title="Datadog",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("Triggered", "Triggered"),
    recovery=_SAMPLE % ("Recovered", "Recovered"),
    proof=ANY_HEADER,
    steps=(
        Step("In Datadog under Integrations, Webhooks, add one named muster with this URL.", "URL"),
        Step("Give it this payload, which tells Muster what belongs together.", "Payload", TEMPLATE),
        Step("Mention it in the message of each monitor.", "Message", "@webhook-muster"),
    ),
)
