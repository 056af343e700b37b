"""The quick look at Alertmanager v2 bodies: labels and annotations stay undecoded, so that re-sends cost almost nothing.

Prometheus posts every firing alert again each minute with only `endsAt` moved. The caller looks `labels_raw` up among the
alerts that it knows and decodes (`to_signal`) only what is new or changed. What this look cannot read, or finds odd, goes
to `Alertmanager.parse`, which is tolerant and explains.
"""

from datetime import datetime, timedelta

import msgspec

from muster.alerts.signal import Signal
from muster.inbound.alertmanager_alert import RESOLVE_TIMEOUT, from_parts, posted
from muster.inbound.json_body import load_json
from muster.inbound.record import Findings, Record
from muster.inbound.text import clean
from muster.inbound.times import instant
from muster.kit.errors import Malformed


class RawAlert(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One alert as posted; `bytes(alert.labels)` is the key for a cache of known alerts.

    `labels` and `annotations` are views into the body and keep it alive: keep `bytes(...)` of them, not themselves.
    """

    labels: msgspec.Raw
    annotations: msgspec.Raw = msgspec.Raw(b"{}")
    starts_at: str | None = msgspec.field(default="", name="startsAt")
    ends_at: str | None = msgspec.field(default="", name="endsAt")
    generator: str | None = msgspec.field(default="", name="generatorURL")

    @property
    def labels_raw(self) -> bytes:
        """The labels exactly as sent; equal bytes are equal labels, though not the other way round."""
        return bytes(self.labels)

    @property
    def annotations_raw(self) -> bytes:
        """The annotations exactly as sent."""
        return bytes(self.annotations)


_BODY = msgspec.json.Decoder(list[RawAlert])
_TEXTS = msgspec.json.Decoder(dict[str, str])


def scan(body: bytes) -> list[RawAlert] | None:
    """The alerts of a body without decoding their labels; None where only the tolerant reading may understand it."""
    try:
        return _BODY.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def ends(raw: RawAlert, received_at: datetime, timeout: timedelta = RESOLVE_TIMEOUT) -> datetime:
    """When the alert ends: as sent, or `timeout` from now. It is resolved where that is not after `received_at`.

    Raises:
        ValueError: when `endsAt` is not a time; take the alert to `to_signal` then.
    """
    sent = instant(raw.ends_at) if raw.ends_at else None
    return received_at + timeout if sent is None else sent


def to_signal(
    raw: RawAlert,
    received_at: datetime,
    timeout: timedelta = RESOLVE_TIMEOUT,
    *,
    path: str = "",
    findings: Findings | None = None,
) -> Signal:
    """Decode one alert; `path` is its place in the body, oddities go to `findings` where the caller wants them.

    Raises:
        Malformed: where Alertmanager would refuse it, with every fault.
    """
    noted = Findings() if findings is None else findings
    before = len(noted.faults)
    signal = _plain(raw, received_at, timeout, path, noted) or _tolerant(raw, received_at, timeout, path, noted)
    if signal is None:
        raise Malformed("The payload breaks its format's rules.", "", noted.faults[before:])
    return signal


def _plain(raw: RawAlert, received_at: datetime, timeout: timedelta, path: str, findings: Findings) -> Signal | None:
    """The signal of an alert without oddities, else None with nothing noted."""
    try:
        labels = {name: value for name, value in _TEXTS.decode(raw.labels).items() if value}
        annotations = {name: value for name, value in _TEXTS.decode(raw.annotations).items() if value}
        starts_at, ends_at = instant(raw.starts_at or ""), instant(raw.ends_at or "")
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if not (_tidy(labels) and _tidy(annotations)):
        return None
    quiet = Findings()
    signal = from_parts(
        quiet,
        path,
        labels=labels,
        annotations=annotations,
        starts_at=starts_at,
        ends_at=ends_at,
        generator_url=raw.generator or "",
        received_at=received_at,
        timeout=timeout,
    )
    if signal is not None:
        findings.warnings.extend(quiet.warnings)
    return signal


def _tidy(texts: dict[str, str]) -> bool:
    """Whether names and values are as `text_map` would leave them."""
    return all(name and name == clean(name).strip() and value == clean(value) for name, value in texts.items())


def _tolerant(raw: RawAlert, received_at: datetime, timeout: timedelta, path: str, findings: Findings) -> Signal | None:
    try:
        labels, annotations = load_json(bytes(raw.labels), "labels"), load_json(bytes(raw.annotations), "annotations")
    except Malformed as refusal:
        for fault in refusal.faults:
            findings.fault(path, fault.rule, fault.fix)
        return None
    whole = {"labels": labels, "annotations": annotations, "startsAt": raw.starts_at, "endsAt": raw.ends_at}
    return posted(Record({**whole, "generatorURL": raw.generator}, path, findings), received_at, timeout)
