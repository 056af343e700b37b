"""The one place where signals and changes are made: sizes are cut with a warning, so that no alert is lost to its size."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from muster.alerts.signal import SeverityHint, Signal, SignalStatus
from muster.changes.change import Change
from muster.inbound.places import unique
from muster.inbound.record import Findings, Record
from muster.inbound.text import bounded_key, clean, compact, one_line, scalar, shorten
from muster.kit.link import Link

MOST_LABELS = 256
MOST_TEXT = 262_144
"""So many characters have all labels, or all annotations, together."""
MOST_FLAT = 64
CUT = "cut_by_muster"
"""The annotation that names the labels of an alert that were left out."""
LONGEST_NAME = 256
LONGEST_LABEL = 4096
LONGEST_ANNOTATION = 16_384
LONGEST_KEY = 512
LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 16_384
LONGEST_STEP = 2000
_FIRST = ("alertname", "severity", "service", "team", "instance", "job", CUT)


def make_signal(
    findings: Findings,
    path: str,
    *,
    key: str,
    status: SignalStatus,
    title: str,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    description: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    severity_hint: SeverityHint = "",
    links: tuple[Link, ...] = (),
    next_step: str = "",
    group_hint: str = "",
    guess: str = "",
    by_clock: bool = False,
) -> Signal:
    """A signal within all bounds; `path` is where in the request it came from, for the warnings.

    An alert whose labels were cut says so in an annotation, with their names.
    """
    kept = _bounded(labels, LONGEST_LABEL, findings, _join(path, "labels"))
    if len(kept) < len(labels):
        left_out = ", ".join(name for name in labels if shorten(clean(name), LONGEST_NAME) not in kept)
        annotations = {CUT: shorten(clean(left_out), LONGEST_LABEL), **annotations}
    return Signal(
        key=bounded_key(clean(key), LONGEST_KEY),
        status=status,
        title=shorten(one_line(clean(title)), LONGEST_TITLE) or "Alert without a name",
        labels=kept,
        annotations=_bounded(annotations, LONGEST_ANNOTATION, findings, _join(path, "annotations")),
        description=_cut(clean(description), LONGEST_DESCRIPTION, findings, _join(path, "description")),
        starts_at=starts_at,
        ends_at=ends_at,
        severity_hint=severity_hint,
        links=unique(links),
        next_step=_cut(clean(next_step), LONGEST_STEP, findings, _join(path, "next_step")),
        group_hint=bounded_key(clean(group_hint), LONGEST_KEY),
        guess=clean(guess),
        by_clock=by_clock,
    )


def make_change(
    findings: Findings,
    path: str,
    *,
    key: str,
    title: str,
    kind: str,
    at: datetime,
    labels: Mapping[str, str],
    description: str = "",
    links: tuple[Link, ...] = (),
) -> Change:
    """A change within all bounds."""
    return Change(
        key=bounded_key(clean(key), LONGEST_KEY),
        title=shorten(one_line(clean(title)), LONGEST_TITLE) or "Change without a name",
        kind=kind,
        at=at,
        labels=_bounded(labels, LONGEST_LABEL, findings, _join(path, "labels")),
        description=_cut(clean(description), LONGEST_DESCRIPTION, findings, _join(path, "description")),
        links=unique(links),
    )


def text_map(record: Record) -> dict[str, str]:
    """An object of names and texts, such as labels: scalars as text, deeper values as JSON with a warning, no empties.

    Names are cleaned; sizes are left to `make_signal`, because identity is taken from the whole.
    """
    result: dict[str, str] = {}
    for name, value in record.data.items():
        cleaned = clean(name).strip()
        if not cleaned:
            record.findings.warn(record.at("(empty)"), "A name is empty; it was left out.", "Name every entry.")
            continue
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            record.findings.warn(
                record.at(cleaned), "A text is expected here; it was turned into one.", "Send a string."
            )
        result[cleaned] = compact(value)
    return result


def flat(value: Any, prefix: str = "", limit: int = MOST_FLAT) -> dict[str, str]:
    """The scalars of a nested JSON value under dotted names, at most `limit` of them; lists of scalars are joined."""
    result: dict[str, str] = {}
    pending: list[tuple[str, Any]] = [(prefix, value)]
    while pending and len(result) < limit:
        name, current = pending.pop(0)
        if isinstance(current, dict):
            pending[:0] = [(f"{name}.{key}" if name else clean(key), item) for key, item in current.items()][:limit]
            continue
        if isinstance(current, list):
            if any(isinstance(item, dict | list) for item in current):
                pending[:0] = [
                    (f"{name}.{index}" if name else str(index), item) for index, item in enumerate(current[:limit])
                ]
                continue
            current = ", ".join(scalar(item) or "" for item in current[:limit])
        text = scalar(current)
        if text:
            result[clean(name) or "value"] = text
    return result


def _bounded(texts: Mapping[str, str], longest: int, findings: Findings, path: str) -> dict[str, str]:
    """As many texts as fit, in their order but for the most telling, which come first where not all do."""
    names = list(texts)
    if len(names) > MOST_LABELS or sum(map(len, texts.values())) > MOST_TEXT:
        names.sort(key=lambda name: (name not in _FIRST, len(texts[name]) > LONGEST_NAME))
    result: dict[str, str] = {}
    left_out, total = [], 0
    for name in names:
        text = clean(texts[name])
        short = shorten(clean(name), LONGEST_NAME)
        text = text if len(text) <= longest else _cut(text, longest, findings, _join(path, short))
        if len(result) >= MOST_LABELS or total + len(text) > MOST_TEXT:
            left_out.append(short)
            continue
        result[short], total = text, total + len(text)
    if left_out:
        named = shorten(", ".join(left_out), LONGEST_LABEL)
        rule = f"At most {MOST_LABELS} of {MOST_TEXT} characters in all are kept; left out are {named}."
        findings.warn(path, rule, "Send fewer; the raw signal has them all.")
    return result


def _cut(text: str, limit: int, findings: Findings, path: str) -> str:
    if len(text) > limit:
        findings.warn(
            path, f"It is longer than {limit} characters and was cut.", "Send less; the raw signal has it all."
        )
    return shorten(text, limit)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
