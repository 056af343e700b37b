"""Sentry: webhooks of an internal integration (issues, alerts of both kinds) and those of the older plugin."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.record import Record
from muster.inbound.sender_proof import SenderProof
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport, identity
from muster.inbound.vendors.families import MONITORING

_ISSUE = states(
    "created, unresolved, triggered, escalating",
    "resolved",
    "archived, ignored",
    {"assigned": "Somebody was assigned to the issue, which changes nothing about it."},
)
_METRIC = states("critical, warning", "resolved")
_LEVELS: SeverityTable = {"fatal": "critical", "error": "high", "warning": "medium", "info": "low", "debug": "low"}
_ADDRESS = re.compile(r"/issues/(\d+)")
_QUIET = ("installation", "comment", "comments", "seer")
_KINDS = ("issue", "error", "event", "metric_alert", "comment", "installation", "seer")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """Sentry names the kind in a header; without it, by what `data` holds, or by the plugin's fields."""
    held = data.get("data")
    if "action" in data and isinstance(held, dict):
        named = any(name in held for name in _KINDS) and ("actor" in data or "installation" in data)
        return named or bool(request.header("sentry-hook-resource"))
    return "culprit" in data and "project" in data and "url" in data and "event" in data


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An issue, an error, an alert of a rule, or an alert of a metric."""
    record, data = report.record, report.record.record("data")
    action = record.text("action").lower()
    if "culprit" in record.data and "action" not in record.data:
        yield _issue(report, record, "triggered")
        return
    if request_kind(report) in _QUIET:
        yield Skipped("Sentry tells of its own installation or of a comment; nothing is wrong.")
        return
    for name in ("issue", "event", "error"):
        if isinstance(data.get(name), dict):
            yield _issue(report, data.record(name), action if name == "issue" else "triggered")
            return
    metric = data.record("metric_alert")
    rule, number = metric.record("alert_rule"), metric.text("id", "identifier")
    title = rule.text("name") or metric.text("title") or data.text("description_title")
    yield report.signal(
        key=identity(metric.text("organization_id"), number, kind="metric") if number else "",
        state=action,
        states=_METRIC,
        title=title,
        severity=report.severity(action),
        description=data.text("description_text"),
        labels={"alertname": title, "projects": ", ".join(str(name) for name in metric.items("projects"))},
        links=report.url("Sentry", data.text("web_url")),
        starts_at=metric.time("date_started", "date_created"),
    )


def request_kind(report: VendorReport) -> str:
    """What the message is about, as the header says or, without one, as its data shows."""
    told = report.request.header("sentry-hook-resource").lower()
    held = report.record.record("data").data
    return told or next((name for name in _KINDS if name in held), "")


def _issue(report: VendorReport, issue: Record, action: str) -> ReportResult:
    event = issue.record("event")
    address = issue.text("web_url", "permalink", "url")
    number = issue.text("issue_id") or next(iter(_ADDRESS.findall(issue.text("issue_url") or address)), "")
    number = number or issue.text("id")
    project = issue.record("project") if isinstance(issue.get("project"), dict) else Record({}, "", report.findings)
    title = issue.text("title") or event.text("title") or issue.text("message")
    return report.signal(
        key=f"issue:{number}" if number else "",
        state=action,
        states=_ISSUE,
        title=title,
        severity=report.severity(issue.text("level"), _LEVELS),
        description=issue.text("culprit"),
        labels={
            "project": project.text("slug", "name") or issue.text("project_slug", "project_name"),
            "environment": issue.text("environment") or event.text("environment"),
            "platform": issue.text("platform") or event.text("platform"),
            "level": issue.text("level"),
            "rule": report.record.record("data").text("triggered_rule"),
        },
        links=report.url("Sentry", address),
        starts_at=None if action == "resolved" else issue.time("datetime", "lastSeen", "last_seen"),
    )


_SAMPLE = """{"action": "%s", "actor": {"type": "application", "id": "sentry", "name": "Sentry"},
 "installation": {"uuid": "00000000-0000-4000-8000-000000000000"},
 "data": {"issue": {"id": "1907", "title": "A sample error", "level": "error", "culprit": "shop/checkout in pay",
  "web_url": "https://sentry.example.org/issues/1907/", "project": {"slug": "shop", "name": "Shop"}}}}"""

SENTRY = Vendor(
    name="sentry",
    title="Sentry",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "created",
    recovery=_SAMPLE % "resolved",
    headers={"sentry-hook-resource": "issue"},
    proof=SenderProof(
        "signature", ("Sentry-Hook-Signature",), "client secret", "Sentry shows it with the internal integration."
    ),
    steps=(
        Step(
            "Under Settings, Developer Settings, create an internal integration with this webhook URL, the permission "
            "Issue & Event: Read, and the webhook issue.",
            "Webhook URL",
        ),
        Step(
            "Switch on Alert Rule Action, and choose the integration as the action of your alert rules.",
            "Action",
            "muster",
        ),
    ),
)
