"""CloudEvents 1.0 over HTTP: structured, batched and binary; their data is mapped like any JSON."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from muster.alerts.signal import Signal
from muster.changes.change import Change
from muster.inbound.generic.option_faults import option_faults
from muster.inbound.generic.rules import Rules, rules_of
from muster.inbound.generic.signals import change_in, signal_in
from muster.inbound.generic.status import exact
from muster.inbound.generic.words import ACKNOWLEDGED, CERTAIN, FIRING, LIKELY, VAGUE
from muster.inbound.json_body import check_bounds, load_json, refused
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, Record
from muster.inbound.text import scalar
from muster.kit.errors import Fault, Malformed, Problem

MOST_EVENTS = 1000
BATCH = "application/cloudevents-batch+json"
STRUCTURED = "application/cloudevents+json"
_OUTER = (
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "dataschema",
    "data",
    "data_base64",
)
_RAISED = frozenset({"raised", "detected", "began", "updated"})
_DEPLOYED = ("deployed", "upgraded", "rolledback", "published", "removed", "modified")
_SAMPLE = b"""{"specversion": "1.0", "id": "sample-1", "source": "/muster/sample", "type": "org.example.alert.fired",
 "subject": "sample", "time": "2026-01-01T00:00:00Z", "datacontenttype": "application/json",
 "data": {"title": "A sample event from the settings page", "severity": "low", "alert_id": "muster-sample"}}"""


class CloudEvents:
    """Any sender of CloudEvents; the options are those of the generic mapping, applied to an event's data."""

    name = "cloudevents"
    title = "CloudEvents"
    paths: tuple[str, ...] = ()

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read one event or a batch. A batch keeps its valid events; it is refused where none is valid."""
        findings, rules = Findings(), rules_of(options)
        signals: list[Signal] = []
        changes: list[Change] = []
        for event in _events(request, findings):
            if not _valid(event):
                continue
            if rules.produces == "change" or _is_change(event):
                changes.append(_change(event, rules, request))
            elif (signal := _signal(event, rules)) is not None:
                signals.append(signal)
        if not signals and not changes:
            findings.stop()
        return Parsed(
            tuple(signals),
            tuple(changes),
            tuple(findings.warnings),
            status=202,
            reply={"accepted": len(signals) + len(changes)},
            faults=tuple(findings.faults),
        )

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What is wrong with the mapping."""
        return option_faults(options)

    def refusal(self, problem: Problem) -> Any:
        """Problem details."""
        return problem.as_json()

    def sample(self) -> Sample:
        """One structured event."""
        return Sample("", _SAMPLE, {"content-type": STRUCTURED})


def _events(request: Request, findings: Findings) -> list[Record]:
    if request.header("ce-specversion"):
        return [Record(_binary(request, findings), "", findings)]
    document = load_json(request.body)
    if isinstance(document, dict):
        return [Record(document, "", findings)]
    if not isinstance(document, list):
        raise refused("", "An event is a JSON object.", "See the JSON format of CloudEvents 1.0.")
    if len(document) > MOST_EVENTS:
        raise refused("", f"A batch has at most {MOST_EVENTS} events.", "Send fewer in one request.")
    for index, entry in enumerate(document):
        if not isinstance(entry, dict):
            findings.fault(str(index), "An event is a JSON object.", "See the JSON format of CloudEvents 1.0.")
    return [Record(entry, str(index), findings) for index, entry in enumerate(document) if isinstance(entry, dict)]


def _binary(request: Request, findings: Findings) -> dict[str, Any]:
    """Binary mode: attributes in `ce-` headers, percent-encoded; the body is the data."""
    event: dict[str, Any] = {
        name.lower()[3:]: unquote(_unquoted(value))
        for name, value in request.headers.items()
        if name.lower().startswith("ce-")
    }
    event["datacontenttype"] = request.content_type or None
    if not request.body.strip():
        return event
    if _is_json(request.content_type):
        event["data"] = load_json(request.body)
    elif request.content_type.startswith("text/"):
        event["data"] = request.body.decode("utf-8", "replace")
    else:
        findings.warn("data", "The data is not JSON and is kept in the raw signal only.", "Send application/json.")
    return event


def _unquoted(value: str) -> str:
    """A header's value without the quotation marks that it may stand in."""
    text = value.strip()
    if len(text) < 2 or not (text.startswith('"') and text.endswith('"')):
        return value
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _valid(event: Record) -> bool:
    """Whether the event has what the specification requires; what is missing is noted."""
    before = len(event.findings.faults)
    for name in ("id", "source", "type"):
        if not event.text(name):
            event.findings.fault(event.at(name), f"An event needs its {name}.", "Send a string that is not empty.")
    version = event.text("specversion")
    if version not in ("1.0", "0.3"):
        event.findings.fault(event.at("specversion"), "The version is 1.0.", 'Send "specversion": "1.0".')
    return len(event.findings.faults) == before


def _signal(event: Record, rules: Rules) -> Signal | None:
    """The signal of an event.

    Its key is the data's own identity under the event's source, so that the event of the recovery meets that of the
    failure. Without one it is the subject, if the type ends in a word that tells a state (`example.disk.resolved`), under
    what stands before that word; else it is the event's `id`, so that only a repeated delivery is a repeat.
    """
    merged = _merged(event)
    stem, _, word = event.text("type").rpartition(".")
    subject = event.text("subject")
    stateful = subject and stem and exact(word) in CERTAIN | LIKELY | VAGUE | FIRING | ACKNOWLEDGED | _RAISED
    return signal_in(
        merged,
        rules,
        prefix=f"{event.text('source')} ",
        word=word,
        fallback=f"{stem} {subject}" if stateful else event.text("id"),
    )


def _change(event: Record, rules: Rules, request: Request) -> Change:
    key = f"{event.text('source')} {event.text('id')}"
    return change_in(_merged(event), rules, request.received_at, key=key, kind="deployment")


def _merged(event: Record) -> Record:
    """The data with the event's context beside it, under names that the generic guesses and rules can use."""
    data = _data(event)
    outer = {
        f"ce_{name}": event.text(name) for name in _OUTER if name in event.data and name not in ("data", "data_base64")
    }
    extensions = {name: text for name in event.data if name not in _OUTER and (text := scalar(event.data[name]))}
    inner = data if isinstance(data, dict) else {"data": data} if data is not None else {}
    titled = {"title": f"{event.text('type')} {event.text('subject')}".strip()}
    times = {"timestamp": event.text("time")} if event.text("time") else {}
    whole = {**extensions, **times, **(titled if not _has_title(inner) else {}), **inner, **outer}
    return Record(whole, event.path, event.findings)


def _has_title(data: dict[str, Any]) -> bool:
    return any(scalar(data.get(name)) for name in ("title", "summary", "name", "message", "alertname", "subject"))


def _data(event: Record) -> Any:
    """The data as JSON; no `datacontenttype` means JSON."""
    packed = event.data.get("data_base64")
    if packed is None:
        return event.data.get("data")
    if not isinstance(packed, str) or not _is_json(event.text("datacontenttype")):
        event.findings.warn(event.at("data_base64"), "The data is not JSON and is kept in the raw signal only.")
        return None
    try:
        document = load_json(base64.b64decode(packed, validate=True))
        check_bounds(document)
    except (binascii.Error, ValueError, Malformed):
        event.findings.warn(event.at("data_base64"), "It is not base64 of JSON; it was ignored.", "Send data instead.")
        return None
    return document


def _is_json(media_type: str) -> bool:
    base = media_type.partition(";")[0].strip().lower()
    return not base or base.endswith(("/json", "+json"))


def _is_change(event: Record) -> bool:
    """CDEvents speak of deployments in the type: `dev.cdevents.service.deployed.0.1.0`."""
    words = event.text("type").lower().split(".")
    return words[:2] == ["dev", "cdevents"] and any(word in _DEPLOYED for word in words[2:5])
