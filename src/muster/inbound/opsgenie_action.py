"""What Opsgenie's clients ask to do with an alert: the words of each request, and the alert as it is afterwards. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from muster.alerts.alert import Alert
from muster.alerts.signal import SeverityHint, Signal
from muster.inbound.opsgenie import PRIORITIES, Unprocessable, details_of, priority_of, tags_of
from muster.inbound.record import Record
from muster.kit.errors import Fault

TEXTS = {
    "notes": "note",
    "message": "message",
    "description": "description",
    "priority": "priority",
    "snooze": "endTime",
}
"""The field that each of these needs."""
REFUSED: Mapping[str, str] = {
    "assign": "Muster's plan and its people say who has an incident.",
    "responders": "Muster's plan says who is paged.",
    "teams": "Muster's plan says who is paged.",
    "unacknowledge": "What somebody took stays theirs until they hand it over.",
    "attachments": "Attachments are not kept; send a link in the details.",
    "delete": "Muster keeps every alert; close it.",
    "actions": "Muster does not run actions of a sender.",
}
DECIDED: Mapping[str, str] = {
    "acknowledge": "A sender's word does not keep people from being paged here.",
    "snooze": "A sender's word does not keep people from being paged here.",
    "escalate": "Senders do not steer paging here.",
}
"""What is done only where a manager lets senders decide, and why it is not otherwise."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as far as its words go."""

    action: str
    user: str
    note: str
    asked: str
    until: datetime | None = None

    @property
    def sentence(self) -> str:
        """What was asked, for the timeline."""
        who = self.user or "A sender"
        if self.action == "notes":
            return f"{who}: {self.note}" if self.user else self.note
        told = f"{who} asked by Opsgenie's API: {self.action}"
        return f"{told} {self.asked}".rstrip() + (f" ({self.note})" if self.note else "") + "."


def read_wish(action: str, record: Record, now: datetime) -> Wish:
    """The words of a request.

    Raises:
        Unprocessable: with every bad field.
    """
    needed = TEXTS.get(action, "")
    if needed and not record.text(needed).strip():
        record.findings.fault(needed, "It is needed.", "Send a string that is not empty.")
    if action == "priority":
        priority_of(record)
    until = record.time("endTime") if action == "snooze" else None
    if action == "snooze" and record.text("endTime") and (until is None or until <= now):
        record.findings.fault("endTime", "It is no time to come.", "Send ISO 8601, as 2027-03-02T09:00:00Z.")
    if action == "tags" and not tags_of(record):
        record.findings.fault("tags", "There are none.", "Send at least one.")
    if action == "details" and not (details_of(record) or record.text("keys")):
        record.findings.fault("details", "There are none.", "Send at least one.")
    if record.findings.faults:
        raise Unprocessable("The request body cannot be processed.", faults=record.findings.faults)
    named = [record.record("owner"), record.record("responder"), record.record("team"), record.record("escalation")]
    asked = [named_responder.text("name", "username", "id") for named_responder in named]
    words = " ".join(name for name in (*asked, record.text("endTime", "action")) if name)
    return Wish(action, record.text("user"), record.text("note"), words, until)


def changed(alert: Alert, action: str, record: Record, *, removing: bool) -> Signal | None:
    """The report that an alert's text, tags, details or priority are different now; None for any other action."""
    change = _CHANGES.get(action)
    if change is None:
        return None
    labels = dict(alert.labels)
    title, description = change(alert, labels, record, removing)
    hint = PRIORITIES.get(labels.get("priority", ""), _known(alert.severity_hint))
    return Signal(
        key=alert.key,
        status="firing",
        title=title,
        labels=labels,
        annotations=alert.annotations,
        description=description,
        ends_at=alert.ends_at,
        severity_hint=hint if action == "priority" else _known(alert.severity_hint),
        links=alert.links,
        next_step=alert.next_step,
        group_hint=alert.group_hint,
    )


def not_done(rule: str, fix: str = "") -> Fault:
    """Why a request changed nothing."""
    return Fault(NOT_DONE, rule, fix)


NOT_DONE = "request"
Words = tuple[str, str]


def _known(written: str) -> SeverityHint:
    return next((grade for grade in PRIORITIES.values() if grade == written), "")


def _text(alert: Alert, labels: dict[str, str], record: Record, removing: bool) -> Words:
    return record.text("message")[:300] or alert.title, record.text("description")[:16_384] or alert.description


def _tags(alert: Alert, labels: dict[str, str], record: Record, removing: bool) -> Words:
    there = [tag for tag in labels.get("tags", "").split(",") if tag]
    given = tags_of(record)
    kept = [tag for tag in there if tag not in given] if removing else [*there, *(t for t in given if t not in there)]
    labels["tags"] = ",".join(kept)[:4096]
    return alert.title, alert.description


def _details(alert: Alert, labels: dict[str, str], record: Record, removing: bool) -> Words:
    if removing:
        for name in record.text("keys").split(","):
            labels.pop(name.strip(), None)
    for name, text in details_of(record).items():
        if len(labels) < 256:
            labels[name[:256]] = text[:4096]
    return alert.title, alert.description


def _priority(alert: Alert, labels: dict[str, str], record: Record, removing: bool) -> Words:
    labels["priority"] = priority_of(record)
    return alert.title, alert.description


_CHANGES: Mapping[str, Callable[[Alert, dict[str, str], Record, bool], Words]] = {
    "message": _text,
    "description": _text,
    "tags": _tags,
    "details": _details,
    "priority": _priority,
}
