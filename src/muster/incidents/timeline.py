"""The timeline: a pure view of an incident's stream in the ledger, in the words that each kind of event declares (R8, R9).

It is total: an event of a kind that nobody declares is shown by its name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.ledger.entry import Entry
from muster.ledger.event_kind import Chapter, EventData, EventKind, TimelineForm, TimelineWords
from muster.ledger.listing import words

EVERYTHING = "Everything"
_IMPERSONAL = {"system": "Muster", "anonymous": "Somebody"}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: what happened, who did it, and why. `weight` is "", `strong` or `breach`; `note` is Markdown.

    `position` orders the whole ledger, `seq` this incident's stream; `via` tells through what the actor acted.
    """

    position: int
    seq: int
    at: datetime
    kind: str
    icon: str
    weight: str
    actor: str
    via: str
    what: str
    detail: str
    note: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """The same on the page: an act of a person begins with their name, and what they wrote is shown at once."""

    id: str
    at: datetime
    icon: str
    weight: str
    actor: str
    what: str
    detail: str
    note: str
    question: str
    reasons: tuple[str, ...]


def line(entry: Entry, kinds: Mapping[str, EventKind]) -> TimelineEntry:
    """One entry as a line that stands for itself."""
    form, told = _in_words(entry, kinds)
    who = entry.who
    return TimelineEntry(
        position=entry.position,
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        icon=told.icon or form.icon,
        weight=form.weight if told.weight is None else told.weight,
        actor=_actor(who),
        via="the link in a message" if who.get("kind") == "link" else who.get("via", ""),
        what=told.what[:1].upper() + told.what[1:] if form.by_actor else told.what,
        detail=told.detail,
        note=told.note,
        reasons=tuple(filter(None, (entry.reason, *told.reasons))),
    )


def row(entry: Entry, kinds: Mapping[str, EventKind]) -> TimelineRow:
    """One entry as the page shows it."""
    form, told = _in_words(entry, kinds)
    plain, actor = line(entry, kinds), _actor(entry.who)
    details, reasons = [told.detail], plain.reasons
    if form.says_reason and entry.reason:
        details, reasons = [told.detail, entry.reason], told.reasons
    if not form.by_actor and actor != told.person and entry.who.get("kind", "") not in _IMPERSONAL and actor:
        details.append(f"By {actor}.")
    return TimelineRow(
        id=f"e{entry.seq}",
        at=entry.at,
        icon=plain.icon,
        weight=plain.weight,
        actor=actor if form.by_actor else "",
        what=told.what if form.by_actor and actor else plain.what,
        detail=" ".join(filter(None, details)),
        note=told.note,
        question=form.question,
        reasons=reasons,
    )


def kinds_in(chapter: str, kinds: Iterable[EventKind]) -> tuple[str, ...]:
    """The kinds that stand in a chapter; none, which means all, for everything and for a chapter that does not exist."""
    return tuple(kind.name for kind in kinds if kind.timeline and kind.timeline.chapter == chapter)


def counted(counts: Mapping[str, int], kinds: Sequence[EventKind]) -> dict[str, int]:
    """How many events each chapter has, from the count of each kind."""
    chapters = {str(chapter): sum(counts.get(kind, 0) for kind in kinds_in(chapter, kinds)) for chapter in Chapter}
    return {EVERYTHING: sum(counts.values()), **chapters}


def body_of(entry: Entry) -> dict[str, Any]:
    """What an event carries; nothing where it is not readable as that."""
    data = entry.data
    return data if isinstance(data, dict) else {}


def _in_words(entry: Entry, kinds: Mapping[str, EventKind]) -> tuple[TimelineForm, TimelineWords]:
    kind = kinds.get(entry.kind)
    if kind and kind.timeline:
        return kind.timeline, kind.timeline.words(EventData(body_of(entry)))
    return _UNKNOWN, TimelineWords(f"{words(entry.kind)}.")


def _actor(who: Mapping[str, str]) -> str:
    return _IMPERSONAL.get(who.get("kind", ""), who.get("name", ""))


_UNKNOWN = TimelineForm(Chapter.NOTES, "info", lambda _: TimelineWords(""))
