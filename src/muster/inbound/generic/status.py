"""Whether an unknown webhook says that something is over: known for certain, guessed, or not said at all.

Doubt is loud. Only an exact known value of an exact known field is certain; a word in prose never is. A guess carries the
evidence it rests on, and what receives it may end only an alert that is open: what is not known as open cannot be over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from muster.alerts.signal import SeverityHint, SignalStatus
from muster.inbound.generic.words import (
    ACKNOWLEDGED,
    CERTAIN,
    ENVELOPES,
    EVENTS,
    FIRING,
    LIKELY,
    STATES,
    TRANSITIONS,
    VAGUE,
)
from muster.inbound.places import squeezed
from muster.inbound.text import scalar, shorten

_DEEPEST = 4
_MOST = 2000
_EXACT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}")
_SUBJECTS = frozenset(
    ["alert", "incident", "problem", "issue", "monitor", "event", "alarm", "condition", "check", "trigger"]
)
_BEFORE = ("previous", "prev", "old", "last", "former", "prior", "before")
_PARTS = ("value", "current", "new", "name", "label", "status", "state")
_MARKS = re.compile(r"\s*\[([^\[\]]{1,120})\]")
_SCOPE = re.compile(r"\s+on\s+\{.*\}\s*\Z", re.IGNORECASE)
_TURN = re.compile(r"\s*(?:-+>|=+>|\u2192|\u27f6|\bto\b)")
_LEADING = re.compile(
    r"[\s*>#\u2705\u2714\ufe0f\U0001f7e2]*(RESOLVED|RECOVERED|RECOVERY|OK|CLEARED|CLOSED|Resolved|Recovered)"
    r"(?::|\]| [-\u2013\u2014]) "
)
_BUT = re.compile(
    r"\W*(?:no|not|none|never|nothing|false|0|failed|failing|fails|unable|cannot|can't|could|pending|stuck|incomplete|partial|partially|"
    r"only|attempt\w*|trying|in progress|unknown)\b",
    re.IGNORECASE,
)
"""What takes back at once the mark that stands before it: `Recovered: no`, `RECOVERY: failed`."""
_IN_TITLES = frozenset(["resolved", "recovered", "recovery", "ok", "okay", "cleared", "closed", "up"])
_PLAIN_IN_TITLES = frozenset(["resolved", "recovered", "cleared", "ok", "okay"])
_OVER_IF_TRUE = frozenset(["resolved", "isresolved", "recovered", "isrecovered", "cleared", "iscleared"])
_OVER_IF_FALSE = frozenset(["firing", "isfiring", "alerting", "isalerting"])
_TRUTH = {"true": True, "false": False}

Weight = Literal["certain", "likely", "vague", "acknowledged", "firing"]


@dataclass(frozen=True, slots=True)
class StatusReading:
    """How an alert stands; `guess` is the evidence of a recovery that is not certain, also where too much speaks against it."""

    status: SignalStatus = "firing"
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A known value of a known field; `depth` is 0 at the top, `kind` tells transition, state and event fields apart."""

    field: str
    text: str
    weight: Weight
    kind: int
    depth: int

    @property
    def evidence(self) -> str:
        """The field with its value."""
        return f"{self.field}: {shorten(self.text, 60)}"


def status_of(document: Mapping[str, Any], title: str, severity: SeverityHint, told: str = "") -> StatusReading:
    """How the alert of a document stands; `told` is a word from outside of it, such as the end of an event's type.

    A severity of critical or high beside a word that is merely likely makes it a guess, beside a vague one nothing at all.
    """
    words = [*_words(document), *_outside(told)]
    words.sort(key=lambda word: (word.kind, word.depth))
    if not words:
        return _titled(title, severity)
    first = words[0]
    if first.weight == "firing":
        return StatusReading()
    against = any(word.weight == "firing" and word.kind < len(_KINDS) - 1 for word in words)
    if first.weight == "acknowledged":
        return StatusReading("acknowledged")
    grave = severity in ("critical", "high")
    if first.weight == "certain":
        return StatusReading("resolved", first.evidence if against else "")
    if first.weight == "likely":
        doubtful = against or grave or first.depth > 0
        return StatusReading("resolved", first.evidence if doubtful else "")
    return StatusReading("firing" if against or grave else "resolved", first.evidence)


def status_of_word(word: str) -> StatusReading:
    """What a word means that somebody said is the status: its known values are certain, whichever they are."""
    plain = exact(word)
    if plain in CERTAIN | LIKELY | VAGUE:
        return StatusReading("resolved")
    return StatusReading("acknowledged" if plain in ACKNOWLEDGED else "firing")


def exact(text: str) -> str:
    """A value that is nothing but a word, squeezed; empty for anything with signs or signals around it."""
    trimmed = text.strip()
    return squeezed(trimmed) if _EXACT.fullmatch(trimmed) else ""


def marks(title: str) -> list[str]:
    """What stands in the brackets with which a title begins, without a scope such as `on {host:web1}`.

    There are none where an arrow follows, since `[OK] -> [CRITICAL]` speaks of a way and not of a state.
    """
    found, position = [], 0
    while mark := _MARKS.match(title, position):
        found.append(_SCOPE.sub("", mark.group(1)))
        position = mark.end()
    return [] if _TURN.match(title, position) else found


def _titled(title: str, severity: SeverityHint) -> StatusReading:
    """A title's mark is a guess at best: `[OK] …`, `[web] [✅ Up] …`, `RESOLVED: …`."""
    grave = severity in ("critical", "high")
    leading = _LEADING.match(title[:200])
    if leading and _BUT.match(title, leading.end()):
        leading = None
    found = [*marks(title[:300]), *([leading.group(1)] if leading else [])]
    if any(squeezed(mark) in FIRING for mark in found):
        return StatusReading()
    for mark in found:
        word = squeezed(mark) if re.fullmatch(r"\W*\w+\W*", mark) and not _negated(mark) else ""
        if word in _IN_TITLES:
            discounted = grave and word not in _PLAIN_IN_TITLES
            return StatusReading("firing" if discounted else "resolved", f"title: {shorten(mark.strip(), 60)}")
    return StatusReading()


def _negated(mark: str) -> bool:
    return any(sign in mark for sign in "!?≠¬✗✘❌🔴⚠")


def _outside(told: str) -> list[Word]:
    plain = exact(told)
    weight = _weight(plain, 0)
    return [Word("type", told, weight, 0, 0)] if weight else []


_KINDS = (frozenset(TRANSITIONS), frozenset(STATES), frozenset(EVENTS))


def _words(document: Mapping[str, Any]) -> Iterator[Word]:
    for name, value, depth in _members(document):
        text = scalar(value)
        if text is None:
            continue
        if found := _truth(name, text, depth) or _numbered(name, text, depth) or _graded(name, text, depth):
            yield found
            continue
        kind = next((number for number, names in enumerate(_KINDS) if name in names), None)
        if kind is None:
            continue
        plain = _of_event(text) if kind == len(_KINDS) - 1 else exact(text)
        if weight := _weight(plain, kind):
            yield Word(name, text, weight, kind, depth)


def _weight(plain: str, kind: int) -> Weight | None:
    if not plain:
        return None
    if plain in CERTAIN or (kind == 0 and plain in ("recovery", "recover")):
        return "certain"
    if plain in ACKNOWLEDGED:
        return "acknowledged"
    if plain in FIRING:
        return "firing"
    if plain in LIKELY:
        return "vague" if kind == len(_KINDS) - 1 else "likely"
    return "vague" if plain in VAGUE else None


def _of_event(text: str) -> str:
    """The word of an event's name such as `incident.resolved`, if only known subjects stand before it."""
    *subjects, word = text.strip().split(".")
    return exact(word) if all(subject.strip().lower() in _SUBJECTS for subject in subjects) else ""


def _truth(name: str, text: str, depth: int) -> Word | None:
    truth = _TRUTH.get(text.strip().lower())
    if truth is None or name not in _OVER_IF_TRUE | _OVER_IF_FALSE:
        return None
    if truth is not (name in _OVER_IF_TRUE):
        return Word(name, text, "firing", 1, depth)
    return Word(name, text, "certain" if name in _OVER_IF_TRUE else "likely", 1, depth)


def _numbered(name: str, text: str, depth: int) -> Word | None:
    """Zabbix's `{EVENT.VALUE}`: 0 is over, 1 is a problem."""
    if name != "eventvalue" or text.strip() not in ("0", "1"):
        return None
    return Word(name, text, "certain" if text.strip() == "0" else "firing", 0, depth)


def _graded(name: str, text: str, depth: int) -> Word | None:
    """A severity that says that nothing is wrong any more."""
    over = name == "severity" and exact(text) in ("clear", "cleared", "resolved")
    return Word(name, text, "certain", 1, depth) if over else None


def _members(document: Mapping[str, Any]) -> Iterator[tuple[str, Any, int]]:
    """The members that speak of the alert itself, by increasing depth; a state that is an object counts by its value."""
    level: list[Mapping[str, Any]] = [document]
    seen = 0
    for depth in range(_DEEPEST):
        below: list[Mapping[str, Any]] = []
        for record in level:
            for written, value in record.items():
                seen += 1
                if seen > _MOST:
                    return
                name = squeezed(written)
                if name.startswith(_BEFORE):
                    continue
                inner = value[0] if isinstance(value, list) and len(value) == 1 else value
                if not isinstance(inner, dict):
                    yield name, value, depth
                elif name in STATES:
                    yield name, _part(inner), depth
                elif name in ENVELOPES:
                    below.append(inner)
        level = below


def _part(state: Mapping[str, Any]) -> Any:
    by_name = {squeezed(name): value for name, value in state.items()}
    return next((by_name[name] for name in _PARTS if name in by_name), None)
