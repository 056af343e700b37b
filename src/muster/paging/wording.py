"""What a page says: what is happening, what to do next, by when, and why you — readable at 03:00 on a small screen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.kit.link import Link
from muster.kit.localtime import is_zone, to_local
from muster.paging.channel import Message, MessageKind

LONGEST_SUBJECT, LONGEST_BODY = 100, 3500
_LONGEST_PART = 1200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ANSWERABLE = (MessageKind.PAGE, MessageKind.TEST)
"""What carries a link that answers it; a notice asks for nothing."""
DRILL = "Nothing is wrong. Act as you would if it were real."
_HEADLINES = {MessageKind.TEST: "TEST", MessageKind.NOTICE: "NOTICE", MessageKind.RESOLVED: "RESOLVED"}


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message is made of. Free texts may hold anything that an alert held; `zone` is the reader's time zone.

    `happening`, `then` (what follows when nobody acknowledges) and `why` (why this person) are sentences.
    """

    delivery_id: UUID
    idempotency_key: str
    kind: MessageKind
    severity: str
    incident_ref: str
    title: str
    happening: str
    why: str
    url: str
    created_at: datetime
    acknowledge_url: str | None = None
    acknowledge_by: datetime | None = None
    then: str = ""
    since: datetime | None = None
    affected: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    guides: tuple[Link, ...] = ()
    zone: str = "UTC"
    context: Mapping[str, Any] = field(default_factory=dict)
    drill: bool = False


def compose(facts: MessageFacts) -> Message:
    """The message of some facts."""
    parts = [
        ("This is a drill", DRILL if facts.drill else ""),
        ("What is happening", _happening(facts)),
        ("What to do next", _next_steps(facts)),
        ("By when", _by_when(facts)),
        ("Why you", clean(facts.why)),
    ]
    body = "\n\n".join(f"{heading}\n{shorten(text, _LONGEST_PART)}" for heading, text in parts if text)
    return Message(
        delivery_id=facts.delivery_id,
        idempotency_key=facts.idempotency_key,
        kind=facts.kind,
        severity=facts.severity,
        incident_ref=one_line(facts.incident_ref),
        title=one_line(facts.title),
        subject=subject(facts.kind, facts.severity, facts.incident_ref, facts.title, drill=facts.drill),
        body=shorten(body, LONGEST_BODY),
        url=facts.url,
        created_at=facts.created_at,
        acknowledge_url=facts.acknowledge_url if facts.kind in ANSWERABLE else None,
        links=facts.guides,
        context=facts.context,
        happening=one_line(shorten(_happening(facts), _LONGEST_PART)),
        deadline=_deadline(facts),
        drill=facts.drill,
    )


def subject(kind: MessageKind, severity: str, incident_ref: str, title: str, *, drill: bool = False) -> str:
    """One line of at most LONGEST_SUBJECT characters with the severity and the incident first; a drill says so before them."""
    first = one_line(_HEADLINES.get(kind) or severity.upper() or "ALERT")
    head = f"{'Drill: ' if drill else ''}{first} {one_line(incident_ref)}".strip()
    return shorten(f"{head}: {one_line(title)}".rstrip(": "), LONGEST_SUBJECT)


def with_links(message: Message) -> str:
    """The body with its links as lines, for channels that show plain text only."""
    lines = [f"{link.label}: {link.url}" for link in actions(message)]
    return "\n\n".join(part for part in (message.body, "\n".join(lines)) if part)


def actions(message: Message) -> list[Link]:
    """What the reader can open, the most urgent first."""
    links = [Link("Acknowledge", message.acknowledge_url)] if message.acknowledge_url else []
    if message.url:
        links.append(Link(f"Open {message.incident_ref}" if message.incident_ref else "Open Muster", message.url))
    return [*links, *message.links]


def shorten(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis within `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def shorten_bytes(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis within `limit` bytes of UTF-8."""
    raw = text.encode("utf-8", "replace")
    return text if len(raw) <= limit else raw[: limit - 3].decode("utf-8", "ignore").rstrip() + "…"


def one_line(text: str) -> str:
    """The text without control characters and line breaks."""
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """The text without characters that steer terminals, headers or the direction of reading."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clock_time(instant: datetime, zone: str, now: datetime) -> str:
    """An instant as its reader's clock shows it, with the day when that is not today: `Mon 23 Nov 04:07 Europe/Berlin`."""
    zone = zone if is_zone(zone) else "UTC"
    local = to_local(instant, zone)
    day = "" if local.date() == to_local(now, zone).date() else f"{local:%a} {local.day} {local:%b} "
    return f"{day}{local:%H:%M} {zone}"


def _happening(facts: MessageFacts) -> str:
    lines = [clean(facts.happening) or one_line(facts.title)]
    if facts.affected:
        lines.append(f"Affected: {', '.join(one_line(name) for name in facts.affected)}.")
    if facts.since is not None:
        lines.append(f"Since {clock_time(facts.since, facts.zone, facts.created_at)}.")
    return "\n".join(lines)


def _next_steps(facts: MessageFacts) -> str:
    first = ("Acknowledge, so that everybody knows you have it.",) if facts.acknowledge_url else ()
    steps = [one_line(step) for step in (*(first if facts.kind is MessageKind.PAGE else ()), *facts.next_steps)]
    return steps[0] if len(steps) == 1 else "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _by_when(facts: MessageFacts) -> str:
    if facts.kind is not MessageKind.PAGE:
        return ""
    return f"{_deadline(facts)} {one_line(facts.then)}".strip()


def _deadline(facts: MessageFacts) -> str:
    limit = facts.acknowledge_by if facts.kind is MessageKind.PAGE else None
    return f"Acknowledge by {clock_time(limit, facts.zone, facts.created_at)}." if limit else ""
