"""The common alert schema: `essentials`, which all kinds share, with the reading of its context folded in."""

from dataclasses import dataclass
from datetime import datetime

from muster.alerts.signal import SeverityHint, Signal, SignalStatus
from muster.inbound.azure_monitor.context import read_context
from muster.inbound.azure_monitor.context_facts import ContextFacts
from muster.inbound.azure_monitor.resource import (
    alert_key,
    alert_link,
    resource_labels,
    resource_link,
    resource_name,
)
from muster.inbound.bounded import make_signal, text_map
from muster.inbound.places import named_links, next_step, squeezed
from muster.inbound.record import Findings, Record
from muster.inbound.severity import azure_severity
from muster.inbound.text import digest

_DATA = frozenset({"essentials", "alertContext", "customProperties"})
_ESSENTIALS = frozenset(
    {"alertId", "alertRule", "alertRuleId", "alertRuleID", "severity", "signalType", "monitorCondition"}
    | {"monitoringService", "alertTargetIDs", "alertTargetIds", "configurationItems", "originAlertId", "firedDateTime"}
    | {"resolvedDateTime", "description", "essentialsVersion", "alertContextVersion", "targetResourceType"}
    | {"targetResourceGroup", "investigationLink", "smartGroupId"}
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every Azure alert says about itself, whichever schema it came in."""

    alert_id: str = ""
    origin_id: str = ""
    rule: str = ""
    rule_id: str = ""
    condition: str = ""
    severity: str = ""
    service: str = ""
    signal_type: str = ""
    targets: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    fired_at: datetime | None = None
    resolved_at: datetime | None = None
    description: str = ""
    group: str = ""
    handled: bool = False


def common(data: Record) -> Signal:
    """The signal of one alert in the common schema; `data` holds `essentials` and `alertContext`."""
    essentials = data.record("essentials")
    data.unknown(_DATA)
    essentials.unknown(_ESSENTIALS)
    targets = _texts(essentials, "alertTargetIDs") or _texts(essentials, "alertTargetIds")
    envelope = Envelope(
        alert_id=essentials.text("alertId"),
        origin_id=essentials.text("originAlertId"),
        rule=essentials.text("alertRule"),
        rule_id=essentials.text("alertRuleId", "alertRuleID"),
        condition=essentials.text("monitorCondition"),
        severity=essentials.text("severity"),
        service=essentials.text("monitoringService"),
        signal_type=essentials.text("signalType"),
        targets=targets,
        items=_texts(essentials, "configurationItems"),
        fired_at=essentials.time("firedDateTime"),
        resolved_at=essentials.time("resolvedDateTime"),
        description=essentials.text("description"),
        group=essentials.text("smartGroupId"),
    )
    if not essentials.data:
        essentials.findings.warn(
            "data.essentials", "The alert has no essentials; it is identified by its context.", "Send the whole schema."
        )
    facts = read_context(data.record("alertContext"), targets[0] if targets else "")
    return signal_of(data.findings, data.at("essentials"), envelope, facts, text_map(data.record("customProperties")))


def signal_of(findings: Findings, path: str, envelope: Envelope, facts: ContextFacts, custom: dict[str, str]) -> Signal:
    """Fold envelope, context and custom properties into a signal."""
    target = envelope.targets[0] if envelope.targets else ""
    built_in = {
        "alertname": envelope.rule or facts.labels.get("alertname", ""),
        "severity": envelope.severity or facts.severity,
        "monitoring_service": envelope.service,
        "signal_type": envelope.signal_type,
        **resource_labels(target),
    }
    labels = {**custom, **facts.labels, **{name: value for name, value in built_in.items() if value}}
    annotations = {
        **facts.annotations,
        "alert_id": envelope.alert_id,
        "origin_alert_id": envelope.origin_id,
        "targets": "\n".join(envelope.targets[:20]),
    }
    links = (
        *named_links(custom),
        *alert_link(envelope.alert_id),
        *facts.links,
        *(entry for target in envelope.targets[:3] for entry in resource_link(target)),
    )
    lines = (envelope.description, *facts.lines)
    return make_signal(
        findings,
        path,
        key=facts.key or alert_key(envelope.alert_id) or _fallback_key(envelope, facts),
        status=_status(findings, path, envelope, facts),
        title=facts.title or _title(envelope, facts),
        labels=labels,
        annotations={name: value for name, value in annotations.items() if value},
        description="\n".join(line for line in lines if line),
        starts_at=envelope.fired_at or facts.at,
        ends_at=envelope.resolved_at,
        severity_hint=_severity(envelope, facts),
        links=links,
        next_step=next_step(custom, links) or facts.next_step,
        group_hint=envelope.group or (envelope.rule_id or envelope.rule).lower(),
    )


def _status(findings: Findings, path: str, envelope: Envelope, facts: ContextFacts) -> SignalStatus:
    condition = envelope.condition.lower()
    if condition in ("resolved", "deactivated"):
        return "resolved"
    if condition not in ("fired", "activated", ""):
        findings.warn(f"{path}.monitorCondition", f"{condition[:40]!r} is unknown; the alert counts as fired.")
    if facts.status is not None:
        return facts.status
    return "acknowledged" if envelope.handled else "firing"


def _severity(envelope: Envelope, facts: ContextFacts) -> SeverityHint:
    """The envelope's severity; but all activity-log alerts are Sev4, so that there the event's own counts first."""
    words = [envelope.severity, facts.severity]
    if squeezed(envelope.signal_type) == "activitylog":
        words.reverse()
    return azure_severity(words[0]) or azure_severity(words[1])


def _title(envelope: Envelope, facts: ContextFacts) -> str:
    names = [name for name in envelope.items if name] or [resource_name(target) for target in envelope.targets]
    where = ", ".join(names[:3])
    what = envelope.rule or envelope.description or (facts.lines[0] if facts.lines else "")
    return f"{what}: {where}" if what and where else what or where or "Azure Monitor alert"


def _fallback_key(envelope: Envelope, facts: ContextFacts) -> str:
    """Without an alert id: one rule on one target with the same dimensions is one alert."""
    targets = [target.lower() for target in envelope.targets]
    return digest("azure", (envelope.rule_id or envelope.rule).lower(), *targets, *facts.identity)


def _texts(record: Record, name: str) -> tuple[str, ...]:
    return tuple(value for value in record.items(name) if isinstance(value, str) and value)
