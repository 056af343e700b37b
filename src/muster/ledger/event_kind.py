"""Kinds of events as declared objects: what each means, and how it reads in the timeline of what it happened to (pure).

A feature declares its kinds in its `events.py` and writes events with them. Composition collects them all as values of a port, so
that nothing below a feature needs to know the words of the feature.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Chapter(StrEnum):
    """What a reader can narrow a timeline to, in the order in which it is offered."""

    DECISIONS = "Decisions"
    NOTES = "Notes"
    ALERTS = "Alerts"
    PAGES = "Pages"


@dataclass(frozen=True, slots=True)
class EventData:
    """What a recorded event carries. Old versions and other hands wrote it too, so nothing in it is sure: reading never fails."""

    values: Mapping[str, Any]

    def text(self, key: str, default: str = "") -> str:
        """A text or a number as text; the default where there is none."""
        value = self.values.get(key)
        return str(value) if isinstance(value, str | int) and value != "" else default

    def texts(self, key: str) -> list[str]:
        """A list of texts; empty where there is none."""
        value = self.values.get(key)
        return [str(item) for item in value] if isinstance(value, list | tuple) else []

    def parts(self, key: str) -> list["EventData"]:
        """A list of objects; empty where there is none."""
        value = self.values.get(key)
        return [EventData(part) for part in value if isinstance(part, dict)] if isinstance(value, list | tuple) else []


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """An event in words, without who and when.

    Attributes:
        what: a sentence. Where the event is an act of its actor it begins with the verb and follows the actor's name.
        detail: a second line.
        note: Markdown that a person wrote.
        reasons: why it happened, one sentence each.
        person: the person with whom `what` begins.
        icon: in place of the kind's icon.
        weight: in place of the kind's weight.
    """

    what: str
    detail: str = ""
    note: str = ""
    reasons: tuple[str, ...] = ()
    person: str = ""
    icon: str = ""
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class TimelineForm:
    """How a kind stands in a timeline.

    Attributes:
        chapter: under which readers find it.
        icon: the name of its icon.
        words: renders the sentence from what the event carries; never fails.
        weight: "", `strong` or `breach`.
        by_actor: whether it is an act of its actor, so that the sentence follows their name.
        says_reason: whether the event's own reason is what somebody said, to be shown at once and not on asking.
        question: what opens the reasons.
    """

    chapter: Chapter
    icon: str
    words: Callable[[EventData], TimelineWords]
    weight: str = ""
    by_actor: bool = False
    says_reason: bool = False
    question: str = "Why?"


@dataclass(frozen=True, slots=True, eq=False)
class EventKind:
    """A kind of event: a port to which every feature adds what it records.

    Attributes:
        name: in the past tense ("IncidentAcknowledged"); it stands in the ledger and never changes its meaning.
        meaning: one sentence for the reference.
        timeline: how it stands in an incident's timeline; None for what happens to something else.
        sensitive: whether it is sealed within seconds, since an intruder would want to cut its trace before the next seal.
        private: what of its data only the person themselves and managers may read.
        mask: hides from every reader what earlier versions should not have recorded.
    """

    name: str
    meaning: str
    timeline: TimelineForm | None = None
    sensitive: bool = False
    private: tuple[str, ...] = ()
    mask: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None

    def __str__(self) -> str:
        return self.name


def sentence(what: str) -> Callable[[EventData], TimelineWords]:
    """Words that are the same whatever the event carries."""
    words = TimelineWords(what)
    return lambda _: words


def by_name(kinds: Iterable[EventKind]) -> dict[str, EventKind]:
    """Kinds by the names that stand in the ledger."""
    return {kind.name: kind for kind in kinds}


def declared(module: Mapping[str, object]) -> tuple[EventKind, ...]:
    """The kinds that a module declares, from its `globals()`."""
    return tuple(value for value in module.values() if isinstance(value, EventKind))
