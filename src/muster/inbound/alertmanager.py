"""Alertmanager: its API v2, to which a stock Prometheus posts, and its webhook (versions 3 and 4), which it posts itself."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from muster.alerts.signal import Signal
from muster.inbound.alertmanager_alert import RESOLVE_TIMEOUT, posted
from muster.inbound.alertmanager_hook import hook_alert, hook_alerts
from muster.inbound.json_body import load_json, refused
from muster.inbound.options import unknown_options
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, Record
from muster.kit.duration import parse_duration
from muster.kit.errors import Broken, Fault, Problem

MOST_ALERTS = 10_000
_V1 = "/api/v1/alerts"
_POSTABLE = frozenset({"labels", "annotations", "startsAt", "endsAt", "generatorURL", "status", "fingerprint"})
_SAMPLE = b"""[{"labels": {"alertname": "MusterSample", "severity": "warning", "instance": "sample:9100", "job": "sample"},
  "annotations": {"summary": "A sample alert from the settings page",
                  "description": "Nothing is wrong. This shows that alerts of this integration arrive.",
                  "runbook_url": "https://example.org/runbooks/sample"},
  "generatorURL": "https://prometheus.example.org/graph?g0.expr=up"}]"""


class Alertmanager:
    """Prometheus lists Muster under `alertmanagers:` with `path_prefix: /i/KEY`, or an Alertmanager names it as a webhook."""

    name = "alertmanager"
    title = "Prometheus and Alertmanager"
    paths: tuple[str, ...] = ("/api/v2/alerts", _V1)

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read a list of postable alerts, a webhook, or a single alert.

        As Alertmanager does, a batch with some invalid alerts keeps the valid ones and answers 400 with the reasons.
        Options: `resolve_timeout` (a duration, default 5m).
        """
        document = load_json(request.body)
        findings = Findings()
        if isinstance(document, dict):
            signals = _notified(Record(document, "", findings), request)
        elif isinstance(document, list):
            signals = _posted(document, request, resolve_timeout(options), findings)
        else:
            raise refused("", "A list of alerts is expected.", 'Send [{"labels": {…}}, …].')
        if not signals:
            findings.stop()
        partly = bool(findings.faults) and isinstance(document, list)
        return Parsed(
            signals,
            warnings=tuple(findings.warnings),
            faults=tuple(findings.faults),
            status=400 if partly else 200,
            reply=_reply(request, findings.faults if partly else []),
        )

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """`resolve_timeout` is a duration."""
        faults = unknown_options(options, ("resolve_timeout",))
        try:
            parse_duration(str(options.get("resolve_timeout", "5m")))
        except Broken as error:
            return (*faults, error.at("resolve_timeout"))
        return faults

    def refusal(self, problem: Problem) -> Any:
        """Alertmanager refuses with a JSON string, which `amtool` prints."""
        return str(problem)

    def sample(self) -> Sample:
        """One firing alert, as Prometheus posts it."""
        return Sample("/api/v2/alerts", _SAMPLE, {"content-type": "application/json"})


def resolve_timeout(options: Mapping[str, Any]) -> timedelta:
    """How long an alert without an end is believed; the default where the option is unset or unusable."""
    try:
        return parse_duration(str(options["resolve_timeout"]))
    except (KeyError, ValueError):
        return RESOLVE_TIMEOUT


def _notified(record: Record, request: Request) -> tuple[Signal, ...]:
    if "alerts" in record.data:
        return hook_alerts(record, request.received_at)
    single = hook_alert(record, request.received_at)
    return () if single is None else (single,)


def _posted(document: list[Any], request: Request, timeout: timedelta, findings: Findings) -> tuple[Signal, ...]:
    if len(document) > MOST_ALERTS:
        raise refused("", f"It holds more than {MOST_ALERTS} alerts.", "Send fewer alerts in one request.")
    signals = []
    for index, value in enumerate(document):
        if not isinstance(value, dict):
            findings.fault(str(index), "An alert is a JSON object.", 'Send {"labels": {…}}.')
            continue
        record = Record(value, str(index), findings)
        record.unknown(_POSTABLE)
        signal = posted(record, request.received_at, timeout)
        if signal is not None:
            signals.append(signal)
    return tuple(signals)


def _reply(request: Request, faults: list[Fault]) -> Any:
    if faults:
        return "\n".join(fault.sentence() for fault in faults)
    return {"status": "success"} if request.path.endswith(_V1) else None
