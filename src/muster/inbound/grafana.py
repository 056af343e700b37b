"""Grafana: the webhook of unified alerting (version "1") and the older one of dashboard alerts."""

from collections.abc import Mapping
from typing import Any

from muster.alerts.signal import SeverityHint, Signal, SignalStatus
from muster.inbound.alertmanager_hook import hook_alert, hook_alerts
from muster.inbound.bounded import flat, make_signal, text_map
from muster.inbound.json_body import load_json, refused
from muster.inbound.options import unknown_options
from muster.inbound.places import link
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, Record
from muster.inbound.severity import severity_of
from muster.kit.errors import Fault, Problem

_LEGACY = frozenset(
    {"title", "ruleId", "ruleName", "ruleUrl", "state", "imageUrl", "message", "evalMatches", "orgId"}
    | {"dashboardId", "panelId", "tags"}
)
_STATES: dict[str, SignalStatus] = {
    "alerting": "firing",
    "no_data": "firing",
    "nodata": "firing",
    "error": "firing",
    "ok": "resolved",
    "normal": "resolved",
    "paused": "acknowledged",
}
_SAMPLE = b"""{"receiver": "muster", "status": "firing", "orgId": 1, "version": "1",
 "groupKey": "{}:{alertname=\\"MusterSample\\"}",
 "externalURL": "https://grafana.example.org/", "title": "[FIRING:1] MusterSample", "state": "alerting",
 "alerts": [{"status": "firing", "labels": {"alertname": "MusterSample", "severity": "warning", "team": "sample"},
   "annotations": {"summary": "A sample alert from the settings page", "runbook_url": "https://example.org/runbooks/sample"},
   "startsAt": "2026-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
   "generatorURL": "https://grafana.example.org/alerting/sample/edit",
   "dashboardURL": "https://grafana.example.org/d/sample", "values": {"A": 91.5}}]}"""


class Grafana:
    """A Grafana contact point of type webhook with Muster's address."""

    name = "grafana"
    title = "Grafana"
    paths: tuple[str, ...] = ()

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read a notification of either kind, or a single alert of the newer kind."""
        document = load_json(request.body)
        if not isinstance(document, dict):
            raise refused("", "A JSON object is expected.", "Use Grafana's contact point of type webhook.")
        record = Record(document, "", Findings())
        signals = self._signals(record, request)
        if not signals:
            record.findings.stop()
        return Parsed(signals, warnings=tuple(record.findings.warnings), faults=tuple(record.findings.faults))

    def _signals(self, record: Record, request: Request) -> tuple[Signal, ...]:
        if "alerts" in record.data:
            return hook_alerts(record, request.received_at, "Grafana")
        if "labels" in record.data:
            single = hook_alert(record, request.received_at)
            return () if single is None else (single,)
        return legacy(record)

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """There are none to set."""
        return unknown_options(options)

    def refusal(self, problem: Problem) -> Any:
        """Grafana logs whatever it is answered."""
        return problem.as_json()

    def sample(self) -> Sample:
        """One firing alert of unified alerting."""
        return Sample("", _SAMPLE, {"content-type": "application/json"})


def legacy(record: Record) -> tuple[Signal, ...]:
    """The signal of a dashboard alert, identified by its rule.

    `pending` gives none, since nothing is wrong yet. `paused` counts as acknowledged: somebody has seen to the rule, and
    its recovery will not be reported.
    """
    findings = record.findings
    record.unknown(_LEGACY)
    rule, state = record.text("ruleId"), record.text("state").lower()
    if not rule:
        findings.fault("ruleId", "The rule's identifier is missing.", "Send ruleId, or alerts with labels.")
    if state not in (*_STATES, "pending"):
        findings.fault("state", "The state is alerting, ok, no_data, paused or pending.", "Send one of them.")
    if findings.faults:
        return ()
    if state == "pending":
        findings.warn("state", "The condition is only pending; nothing was reported yet.")
        return ()
    tags = text_map(record.record("tags"))
    name = record.text("ruleName", "title")
    severity: SeverityHint = severity_of(tags.get("severity", "") or tags.get("priority", ""))
    labels = {"alertname": name, "rule_id": rule, **_match_tags(record), **tags}
    organisation = record.text("orgId")
    return (
        make_signal(
            findings,
            "",
            key=f"rule-{organisation}-{rule}" if organisation not in ("", "1") else f"rule-{rule}",
            status=_STATES[state],
            title=f"{name} has no data" if state in ("no_data", "nodata") else name,
            labels={key: value for key, value in labels.items() if value},
            annotations=_readings(record),
            description=record.text("message"),
            severity_hint=severity,
            links=(
                *link("Source", record.text("ruleUrl"), findings, "ruleUrl"),
                *link("Image", record.text("imageUrl"), findings, "imageUrl"),
            ),
        ),
    )


def _match_tags(record: Record) -> dict[str, str]:
    """The tags that all matching series share: what differs would not identify the alert."""
    matches = [text_map(match.record("tags")) for match in record.records("evalMatches")]
    if not matches:
        return {}
    return {name: value for name, value in matches[0].items() if all(other.get(name) == value for other in matches)}


def _readings(record: Record) -> dict[str, str]:
    result: dict[str, str] = {}
    for match in record.records("evalMatches"):
        name = match.text("metric") or "value"
        result[name] = ", ".join(part for part in (result.get(name, ""), match.text("value")) if part)
    return flat(result)
