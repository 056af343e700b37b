"""PagerDuty Events API v2: `/v2/enqueue` (trigger, acknowledge, resolve) and `/v2/change/enqueue`."""

from collections.abc import Mapping
from typing import Any

from muster.alerts.signal import SignalStatus
from muster.inbound.bounded import flat, make_change, make_signal
from muster.inbound.change_kind import kind_of
from muster.inbound.json_body import load_json, refused
from muster.inbound.options import unknown_options
from muster.inbound.pagerduty_webhook import is_webhook, read_webhook
from muster.inbound.places import link, named_links, next_step, squeezed
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, Record
from muster.inbound.severity import severity_of
from muster.inbound.text import digest
from muster.kit.errors import Fault, Problem
from muster.kit.link import Link

_CHANGE = "/change/enqueue"
_EVENT = frozenset(
    {"routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links", "images", "service_key"}
)
_PAYLOAD = frozenset({"summary", "timestamp", "severity", "source", "component", "group", "class", "custom_details"})
_ACTIONS: dict[str, SignalStatus] = {"trigger": "firing", "acknowledge": "acknowledged", "resolve": "resolved"}
_SEVERITIES = ("critical", "error", "warning", "info")
_SAMPLE = b"""{"routing_key": "ignored", "event_action": "trigger", "dedup_key": "muster-sample",
 "payload": {"summary": "A sample event from the settings page", "source": "sample-host", "severity": "warning",
             "component": "sample", "custom_details": {"runbook_url": "https://example.org/runbooks/sample"}}}"""


class PagerDuty:
    """Anything that can speak to PagerDuty, pointed at Muster's address instead of events.pagerduty.com."""

    name = "pagerduty"
    title = "PagerDuty Events v2"
    paths: tuple[str, ...] = ("/v2/enqueue", f"/v2{_CHANGE}")

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read an event or a change event. The routing key is not looked at: the integration's own key is in the address."""
        document = load_json(request.body)
        if not isinstance(document, dict):
            raise refused("", "An event is a JSON object.", "See PagerDuty's Events API v2.")
        record = Record(document, "", Findings())
        if is_webhook(document):
            return read_webhook(record)
        if request.path.endswith(_CHANGE) or ("event_action" not in document and "payload" in document):
            return _change(record, request)
        return _event(record, request)

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """There are none to set."""
        return unknown_options(options)

    def refusal(self, problem: Problem) -> Any:
        """The answer to an invalid event."""
        sentences = [fault.sentence() for fault in problem.faults] or [problem.title]
        return {"status": "invalid event", "message": "Event object is invalid", "errors": sentences}

    def sample(self) -> Sample:
        """One trigger."""
        return Sample("/v2/enqueue", _SAMPLE, {"content-type": "application/json"})


def _event(record: Record, request: Request) -> Parsed:
    findings, payload = record.findings, record.record("payload")
    record.unknown(_EVENT)
    payload.unknown(_PAYLOAD)
    action, key = record.text("event_action"), record.text("dedup_key")
    if action not in _ACTIONS:
        findings.fault("event_action", "The action is trigger, acknowledge or resolve.", "Send one of them.")
    if action in ("acknowledge", "resolve") and not key:
        findings.fault("dedup_key", f"To {action} something, its key is needed.", "Send the dedup_key of the trigger.")
    if action == "trigger":
        _check(payload)
    findings.stop()
    if len(key) > 255:
        findings.warn("dedup_key", "PagerDuty takes at most 255 characters; it was accepted here.", "Send less.")
    key = key or digest(request.body.hex(), request.received_at.isoformat())
    details = _details(payload)
    links = _links(record, details)
    signal = make_signal(
        findings,
        "payload",
        key=key,
        status=_ACTIONS[action],
        title=payload.text("summary") or key,
        labels=_labels(record, payload),
        annotations=details,
        description=next((text for name, text in details.items() if squeezed(name) in ("description", "message")), ""),
        starts_at=payload.time("timestamp") or (request.received_at if action == "trigger" else None),
        severity_hint=severity_of(payload.text("severity")),
        links=links,
        next_step=next_step(details, links),
        group_hint=payload.text("group"),
    )
    reply = {"status": "success", "message": "Event processed", "dedup_key": key}
    return Parsed((signal,), warnings=tuple(findings.warnings), status=202, reply=reply)


def _check(payload: Record) -> None:
    findings = payload.findings
    for name, purpose in (("summary", "what happened"), ("source", "where it happened")):
        if not payload.text(name):
            findings.fault(payload.at(name), f"A trigger says {purpose}.", "Send a string that is not empty.")
    if payload.text("severity") not in _SEVERITIES:
        findings.fault(payload.at("severity"), "The severity is critical, error, warning or info.", "Send one of them.")


def _change(record: Record, request: Request) -> Parsed:
    findings, payload = record.findings, record.record("payload")
    record.unknown(_EVENT)
    payload.unknown(_PAYLOAD)
    summary = payload.text("summary")
    if not summary:
        findings.fault("payload.summary", "A change says what was changed.", "Send a string that is not empty.")
    findings.stop()
    at = payload.time("timestamp") or request.received_at
    details, source = _details(payload), payload.text("source")
    change = make_change(
        findings,
        "payload",
        key=digest(source, summary, at.isoformat()),
        title=summary,
        kind=kind_of(details.get("kind", ""), summary, " ".join(details)),
        at=at,
        labels={**details, **_labels(record, payload)},
        description=details.get("description", ""),
        links=_links(record, details),
    )
    reply = {"status": "success", "message": "Change event processed"}
    return Parsed(changes=(change,), warnings=tuple(findings.warnings), status=202, reply=reply)


def _labels(record: Record, payload: Record) -> dict[str, str]:
    named = {name: payload.text(name) for name in ("source", "component", "group", "class", "severity")}
    return {name: value for name, value in {**named, "client": record.text("client")}.items() if value}


def _details(payload: Record) -> dict[str, str]:
    details = payload.data.get("custom_details")
    return flat(details, "" if isinstance(details, dict) else "details")


def _links(record: Record, details: Mapping[str, str]) -> tuple[Link, ...]:
    found: list[Link] = []
    for entry in record.records("links"):
        text = entry.text("text") or "Link"
        name = "Runbook" if "runbook" in text.lower() else text[:60]
        found.extend(link(name, entry.text("href"), record.findings, entry.at("href")))
    found.extend(named_links(details))
    client = record.text("client")
    found.extend(link(client[:60] or "Source", record.text("client_url"), record.findings, "client_url"))
    for image in record.records("images"):
        name = image.text("alt")[:60] or "Image"
        found.extend(link(name, image.text("href") or image.text("src"), record.findings, image.path))
    return tuple(found)
