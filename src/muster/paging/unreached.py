"""Why a person whom a step means is not paged: a value that steps keep, from which sentences are rendered last. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from muster.kit.localtime import to_local


class UnreachedCause(StrEnum):
    """Why nothing is sent to somebody now. `RECORDED`: a step of 0.1, which kept a sentence instead of a cause."""

    UNKNOWN = "unknown"
    LEFT = "left"
    NO_CONTACT = "no_contact"
    QUIET = "quiet"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Unreached:
    """A person who is not paged, and why; with quiet hours `until` when, in the `zone` of the person."""

    person: str
    cause: UnreachedCause
    until: datetime | None = None
    zone: str = ""
    recorded: str = ""

    def sentence(self) -> str:
        """The reason as people read it."""
        if self.recorded:
            return self.recorded
        if self.cause is UnreachedCause.QUIET and self.until:
            return f"{self.person} has quiet hours: {waits_until(self.until, self.zone)}"
        return f"{self.person} {_WORDS[self.cause]}"

    def as_json(self) -> dict[str, Any]:
        """As a step keeps it."""
        quiet = {"until": self.until.isoformat(), "zone": self.zone} if self.until else {}
        return {"person": self.person, "cause": str(self.cause), **quiet}


_WORDS = {
    UnreachedCause.UNKNOWN: "is not known any more.",
    UnreachedCause.LEFT: "has left.",
    UnreachedCause.NO_CONTACT: "has no contact.",
    UnreachedCause.QUIET: "has quiet hours.",
}


def waits_until(at: datetime, zone: str) -> str:
    """Until when a message waits."""
    return f"this waits until {to_local(at, zone):%H:%M} {zone}."


def unreached_from(kept: str | Mapping[str, Any]) -> Unreached:
    """From what a step kept. 0.1 kept a sentence, which begins with the person's name."""
    if isinstance(kept, str):
        return Unreached(kept.partition(" ")[0], UnreachedCause.RECORDED, recorded=kept)
    until = datetime.fromisoformat(kept["until"]) if kept.get("until") else None
    return Unreached(kept["person"], UnreachedCause(kept["cause"]), until, kept.get("zone", ""))
