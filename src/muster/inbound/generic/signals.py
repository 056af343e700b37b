"""A JSON object into a signal or a change: the integration's rules first, guesses for the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from muster.alerts.signal import SeverityHint, Signal
from muster.changes.change import Change
from muster.inbound.bounded import flat, make_change, make_signal
from muster.inbound.change_kind import kind_of
from muster.inbound.generic import guess
from muster.inbound.generic.paths import text, value
from muster.inbound.generic.rules import Rules
from muster.inbound.generic.status import StatusReading, status_of, status_of_word
from muster.inbound.generic.words import NAMES
from muster.inbound.places import is_address, link, named_links, next_step, squeezed
from muster.inbound.record import Findings, Record
from muster.inbound.severity import severity_of
from muster.inbound.text import compact, digest, plain, shorten
from muster.kit.link import Link


class ObjectReading:
    """One object under one set of rules: each field is what its rule gives, else what the usual names suggest."""

    def __init__(self, record: Record, rules: Rules) -> None:
        self.record, self.rules = record, rules
        self.found = guess.index(record.data)

    def text(self, field: str) -> str:
        """A field as text, empty where neither rule nor guess gives one."""
        if field in self.rules.fields:
            return text(self.rules.fields[field], self.record.data)
        return compact(guess.pick(self.found, field)) if field in NAMES else ""

    def time(self, field: str) -> datetime | None:
        """A field as a time."""
        given = field in self.rules.fields
        raw = value(self.rules.fields[field], self.record.data) if given else guess.pick(self.found, field)
        findings = self.record.findings if given else Findings()
        return Record({field: raw}, self.record.path, findings).time(field)

    def group(self, expressions: Mapping[str, str]) -> dict[str, str]:
        """The texts of named expressions, without the empty ones."""
        texts = {name: text(expression, self.record.data) for name, expression in expressions.items()}
        return {name: entry for name, entry in texts.items() if entry}


def signal_in(record: Record, rules: Rules, *, prefix: str = "", word: str = "", fallback: str = "") -> Signal | None:
    """The signal of an object, None where the rules ignore it.

    `prefix` qualifies the key, `word` is a status told outside the object, `fallback` the key where the object has none.
    """
    if rules.ignored_when is not None and rules.ignored_when.holds(record.data):
        record.findings.warn(record.path, "The integration's rules ignore this one.")
        return None
    reading = ObjectReading(record, rules)
    title = _title(reading)
    severity = _severity(reading, rules)
    stands = _status(reading, rules, title, severity, word)
    texts = {
        name: entry for name, entry in flat(record.data).items() if len(entry) <= 4096 and not _to_leave(name, entry)
    }
    links = _links(reading, texts)
    labels = {**guess.labels_in(record.data, reading.found), **reading.group(rules.labels)}
    key = _key(reading, title) or fallback or digest("generic", guess.nameless(title), *_places(labels))
    return make_signal(
        record.findings,
        record.path,
        key=f"{prefix}{key}",
        status=stands.status,
        guess=stands.guess,
        title=title,
        labels=labels,
        annotations={**texts, **reading.group(rules.annotations)},
        description=plain(reading.text("description")),
        starts_at=reading.time("starts_at"),
        ends_at=reading.time("ends_at") if stands.status == "resolved" or "ends_at" in rules.fields else None,
        severity_hint=severity,
        links=links,
        next_step=reading.text("next_step") or next_step(texts, links),
        group_hint=reading.text("group_hint"),
    )


def change_in(record: Record, rules: Rules, received_at: datetime, *, key: str = "", kind: str = "") -> Change:
    """The change that an object reports."""
    reading = ObjectReading(record, rules)
    title, at = _title(reading), reading.time("starts_at") or received_at
    texts = flat(record.data)
    return make_change(
        record.findings,
        record.path,
        key=reading.text("key") or key or digest("generic", title, at.isoformat()),
        title=title,
        kind=reading.text("kind") or kind or kind_of(title),
        at=at,
        labels={**guess.labels_in(record.data, reading.found), **reading.group(rules.labels)},
        description=plain(reading.text("description")),
        links=_links(reading, texts),
    )


def _title(reading: ObjectReading) -> str:
    title = plain(reading.text("title"))
    if not title.strip():
        reading.record.findings.warn(
            reading.record.path, "No title was found in it.", 'Map one: {"mapping": {"title": "$.…"}}.'
        )
        title = shorten(compact(reading.record.data), 120)
    return title.strip().splitlines()[0] if title.strip() else "Empty report"


def _status(reading: ObjectReading, rules: Rules, title: str, severity: SeverityHint, word: str) -> StatusReading:
    """How it stands: what the rules say is certain, and where they say nothing only exact words are."""
    data = reading.record.data
    if rules.resolved_when is not None and rules.resolved_when.holds(data):
        return StatusReading("resolved")
    if rules.acknowledged_when is not None and rules.acknowledged_when.holds(data):
        return StatusReading("acknowledged")
    if rules.resolved_when is not None:
        return StatusReading()
    if "status" in rules.fields:
        return status_of_word(reading.text("status"))
    return status_of(data, title, severity, word)


def _key(reading: ObjectReading, title: str) -> str:
    return reading.text("key") if "key" in reading.rules.fields else guess.key_of(reading.found, title)


def _severity(reading: ObjectReading, rules: Rules) -> SeverityHint:
    word = reading.text("severity").strip()
    return rules.severities.get(word.lower(), "") or severity_of(word)


def _links(reading: ObjectReading, texts: Mapping[str, str]) -> tuple[Link, ...]:
    findings, path = reading.record.findings, reading.record.path
    mapped = [
        entry
        for name, url in (*reading.group(reading.rules.links).items(), ("Source", reading.text("url")))
        for entry in link(name[:60], url, findings, f"{path}.links.{name}" if path else f"links.{name}")
    ]
    return (*mapped, *named_links({name.rpartition(".")[2]: entry for name, entry in texts.items()}))


def _to_leave(name: str, text: str) -> bool:
    """Whether this is a link by which a reader would end the subscription instead of the trouble."""
    last = squeezed(name.rpartition(".")[2])
    return last.startswith("unsubscribe") or (is_address(text) and "unsubscribe" in text.lower())


def any_value(record: Record) -> bool:
    """Whether an object says anything at all."""
    return any(value not in (None, "", [], {}) for value in record.data.values())


def objects(document: Any, rules: Rules, findings: Findings) -> list[Record]:
    """The objects to read: what `items` points at, a list's elements, the one usual list of alerts, else the document."""
    if rules.items:
        found = value(rules.items, document)
        if isinstance(found, list | dict):
            document = found
        else:
            findings.warn("", f"No list is at {rules.items}; the whole was read.", "Correct the option `items`.")
    place = ""
    if isinstance(document, dict):
        for name in ("alerts", "events", "incidents", "problems"):
            listed = document.get(name)
            if (
                not rules.fields
                and isinstance(listed, list)
                and listed
                and all(isinstance(item, dict) for item in listed)
            ):
                document, place = listed, name
                break
    if not isinstance(document, list):
        document = [document]
        return [Record(item, "", findings) for item in document if isinstance(item, dict)]
    return [
        Record(item, f"{place}.{index}" if place else str(index), findings)
        for index, item in enumerate(document)
        if isinstance(item, dict)
    ]


def _places(labels: Mapping[str, str]) -> list[str]:
    """The labels that tell where, to identify an alert without a key; its severity may change while it lasts."""
    return [f"{name}={labels[name]}" for name in sorted(labels) if name != "severity"][:8]
