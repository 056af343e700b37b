"""One alert as Prometheus posts it to Alertmanager, with exactly Alertmanager's rules about its times and labels."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from muster.alerts.signal import Signal
from muster.inbound.bounded import text_map
from muster.inbound.fingerprint import fingerprint
from muster.inbound.prometheus_alert import build
from muster.inbound.record import Findings, Record

RESOLVE_TIMEOUT = timedelta(minutes=5)


def posted(record: Record, received_at: datetime, timeout: timedelta = RESOLVE_TIMEOUT) -> Signal | None:
    """The signal of one postable alert; None, with faults noted, where Alertmanager would refuse it."""
    if not isinstance(record.data.get("labels"), dict):
        record.findings.fault(record.at("labels"), "An alert needs labels.", 'Send "labels": {"alertname": "…"}.')
        return None
    return from_parts(
        record.findings,
        record.path,
        labels=text_map(record.record("labels")),
        annotations=text_map(record.record("annotations")),
        starts_at=record.time("startsAt"),
        ends_at=record.end("endsAt"),
        generator_url=record.text("generatorURL"),
        received_at=received_at,
        timeout=timeout,
    )


def from_parts(
    findings: Findings,
    path: str,
    *,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    starts_at: datetime | None,
    ends_at: datetime | None,
    generator_url: str,
    received_at: datetime,
    timeout: timedelta = RESOLVE_TIMEOUT,
) -> Signal | None:
    """The signal of an alert whose parts are decoded; labels with empty values must already be gone.

    A missing start is the end if that is past, else now (Alertmanager takes the end even if it is still to come, which
    would begin a firing alert in the future); a missing end is now plus `timeout`; an end that is not in the future means
    resolved; an end before the start and a set without labels are refused.
    """
    start = starts_at or min(ends_at or received_at, received_at)
    end = ends_at or received_at + timeout
    if not labels:
        place = f"{path}.labels" if path else "labels"
        findings.fault(place, "An alert needs at least one label with a value.", "Send alertname, at least.")
        return None
    if ends_at is not None and end < start:
        place = f"{path}.endsAt" if path else "endsAt"
        findings.fault(place, "An alert cannot end before it starts.", "Send an endsAt after startsAt, or none.")
        return None
    return build(
        findings,
        path,
        key=fingerprint(labels),
        status="resolved" if end <= received_at else "firing",
        by_clock=end <= received_at,
        labels=labels,
        annotations=annotations,
        starts_at=start,
        ends_at=end,
        generator_url=generator_url,
    )
