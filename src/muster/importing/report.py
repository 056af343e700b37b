"""What became of each object of an export, said honestly: mapped, mapped with a loss, or not mapped and why."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_SENTENCES = 20


class ImportOutcome(StrEnum):
    """What became of an object."""

    MAPPED = "mapped"
    WITH_LOSS = "with_loss"
    NOT_MAPPED = "not_mapped"


@dataclass(slots=True)
class ImportNote:
    """One object of the export: `to` names what it became, `losses` what of it Muster does not do, a sentence each.

    `remarks` are worth knowing and no loss.
    """

    kind: str
    title: str
    id: str = ""
    to: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> ImportOutcome:
        """Nothing came of it, something came of it with a loss, or everything."""
        if not self.to:
            return ImportOutcome.NOT_MAPPED
        return ImportOutcome.WITH_LOSS if self.losses else ImportOutcome.MAPPED

    def lose(self, sentence: str) -> None:
        """Say what is lost, once; a very long list is cut and says so."""
        if sentence in self.losses:
            return
        if len(self.losses) == MOST_SENTENCES:
            self.losses.append("More of the same kind is left out of this list.")
        if len(self.losses) < MOST_SENTENCES:
            self.losses.append(sentence)

    def remark(self, sentence: str) -> None:
        """Say what is worth knowing, once."""
        if sentence not in self.remarks and len(self.remarks) < MOST_SENTENCES:
            self.remarks.append(sentence)

    def add(self, other: "ImportNote") -> None:
        """Say what another note says too."""
        for sentence in other.losses:
            self.lose(sentence)
        for sentence in other.remarks:
            self.remark(sentence)

    def become(self, what: str) -> None:
        """Say what it became."""
        if what not in self.to:
            self.to.append(what)

    def as_json(self) -> dict[str, Any]:
        """The note as the API gives it."""
        return {
            "kind": self.kind,
            "title": self.title,
            "id": self.id,
            "outcome": str(self.outcome),
            "to": self.to,
            "losses": self.losses,
            "remarks": self.remarks,
        }


@dataclass(slots=True)
class ImportReport:
    """The notes of one import, in the order in which the objects were met."""

    notes: list[ImportNote] = field(default_factory=list)

    def about(self, kind: str, title: str, id: str = "") -> ImportNote:
        """A new note on an object; what it says is added as it is mapped."""
        note = ImportNote(kind, title or id or "(without a name)", id)
        self.notes.append(note)
        return note

    def counts(self) -> dict[str, int]:
        """How many objects came out how."""
        return {
            str(kind_of_outcome): sum(note.outcome is kind_of_outcome for note in self.notes)
            for kind_of_outcome in ImportOutcome
        }

    def ordered(self) -> list[ImportNote]:
        """What needs eyes first: not mapped, with a loss, mapped."""
        order = (ImportOutcome.NOT_MAPPED, ImportOutcome.WITH_LOSS, ImportOutcome.MAPPED)
        return sorted(self.notes, key=lambda note: order.index(note.outcome))
