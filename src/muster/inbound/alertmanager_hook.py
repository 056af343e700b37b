"""The webhook of Alertmanager (versions 3 and 4), whose shape Grafana shares: a group of alerts with a status each."""

from datetime import datetime

from muster.alerts.signal import Signal, SignalStatus
from muster.inbound.bounded import text_map
from muster.inbound.fingerprint import fingerprint
from muster.inbound.places import link
from muster.inbound.prometheus_alert import build
from muster.inbound.record import Record
from muster.inbound.text import compact
from muster.kit.link import Link

MOST_ALERTS = 10_000
_GROUP = frozenset(
    {"alerts", "receiver", "status", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "version"}
    | {"groupKey", "truncatedAlerts", "numFiring", "numResolved", "orgId", "title", "state", "message", "appVersion"}
    | {"notification_reason", "vars"}
)
_ALERT = frozenset(
    {"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint", "silenceURL"}
    | {"dashboardURL", "panelURL", "imageURL", "values", "valueString", "ruleUID", "orgId", "enrichments"}
)
_EXTRA = (
    ("Dashboard", "dashboardURL"),
    ("Panel", "panelURL"),
    ("Image", "imageURL"),
    ("Silence at the source", "silenceURL"),
)


def hook_alerts(group: Record, received_at: datetime, console: str = "Alertmanager") -> tuple[Signal, ...]:
    """The signals of a webhook; alerts that cannot be used are noted as faults and left out.

    Each alert's own status counts, then the group's. `fingerprint` identifies, computed where version 3 leaves it out.
    """
    group.unknown(_GROUP)
    left_out = group.text("truncatedAlerts")
    if left_out not in ("", "0"):
        group.findings.warn(
            group.at("truncatedAlerts"),
            f"The sender left {left_out} alerts out of this notification.",
            "Set max_alerts to 0 at the sender.",
        )
    home = link(console, group.text("externalURL"), group.findings, group.at("externalURL"))
    hint = compact(group.get("groupKey"))
    signals = []
    if len(group.items("alerts")) > MOST_ALERTS:
        group.findings.warn(
            group.at("alerts"), f"Only the first {MOST_ALERTS} alerts were read.", "Group by more labels."
        )
    for index, entry in enumerate(group.items("alerts")[:MOST_ALERTS]):
        record = Record(entry if isinstance(entry, dict) else {}, f"{group.at('alerts')}.{index}", group.findings)
        signal = hook_alert(record, received_at, group_status=group.text("status"), group_hint=hint, links=home)
        if signal is not None:
            signals.append(signal)
    if not group.items("alerts"):
        group.findings.fault(group.at("alerts"), "A notification needs at least one alert.", "Send a list of alerts.")
    return tuple(signals)


def hook_alert(
    record: Record,
    received_at: datetime,
    *,
    group_status: str = "",
    group_hint: str = "",
    links: tuple[Link, ...] = (),
) -> Signal | None:
    """The signal of one alert of a webhook; None, with the fault noted, where it has no labels."""
    record.unknown(_ALERT)
    labels = text_map(record.record("labels"))
    if not labels:
        record.findings.fault(record.at("labels"), "An alert needs at least one label.", "Send alertname, at least.")
        return None
    ends_at = record.end("endsAt")
    annotations = text_map(record.record("annotations"))
    readings = compact(record.get("values")) or record.text("valueString")
    if readings and readings != "{}":
        annotations.setdefault("values", readings)
    extra = tuple(
        entry for label, name in _EXTRA for entry in link(label, record.text(name), record.findings, record.at(name))
    )
    return build(
        record.findings,
        record.path,
        key=record.text("fingerprint") or fingerprint(labels),
        status=_status(record, group_status, ends_at, received_at),
        labels=labels,
        annotations=annotations,
        starts_at=record.time("startsAt"),
        ends_at=ends_at,
        generator_url=record.text("generatorURL"),
        links=(*extra, *links),
        group_hint=group_hint,
    )


def _status(record: Record, group_status: str, ends_at: datetime | None, received_at: datetime) -> SignalStatus:
    word = (record.text("status") or group_status).lower()
    if word in ("resolved", "ok", "normal"):
        return "resolved"
    if word in ("firing", "alerting"):
        return "firing"
    if word:
        record.findings.warn(record.at("status"), f"{word[:40]!r} is no status.", "Send firing or resolved.")
    return "resolved" if ends_at is not None and ends_at <= received_at else "firing"
