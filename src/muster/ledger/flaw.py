"""What a verification can find wrong, each with its sentence."""

from dataclasses import dataclass
from enum import StrEnum


class Damage(StrEnum):
    """The kinds of damage; the values are stable words for programs."""

    ALTERED = "altered"
    MISSING = "missing"
    MISPLACED = "misplaced"
    UNLINKED = "unlinked"
    REWRITTEN = "rewritten"
    TRUNCATED = "truncated"
    FORGED = "forged"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"


SEALS = "seals"
"""Stands as the stream of a break in the chain of seals; its `seq` is then the seal's number."""

FILE = "file"
"""Stands as the stream of a break in an exported file; its `seq` is then the line."""


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the ledger is not what was recorded."""

    stream: str
    seq: int
    flaw: Damage
    what: str

    def sentence(self) -> str:
        """The break on one line."""
        return f"{self.stream} {self.seq}: {self.what}"
