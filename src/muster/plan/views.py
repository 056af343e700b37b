"""How plans, versions, faults and simulations look in JSON."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from muster.kit.errors import Fault, first_of
from muster.plan.diff import Change, plain
from muster.plan.part import Part
from muster.plan.prose import prose
from muster.plan.reading import Reading
from muster.plan.reason import Reason
from muster.plan.section import PlanSection
from muster.plan.version import Entry, PlanInfo, Version

_LONGEST = 1_000_000
MOST_CHANGES = 500
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Text = Annotated[str, Field(max_length=_LONGEST)]
Short = Annotated[str, Field(max_length=500)]
Labels = Annotated[dict[Short, Annotated[str, Field(max_length=4000)]], Field(max_length=200)]


class PlanOut(BaseModel):
    """A plan by name; the newest version of the active one is in force."""

    name: str
    active: bool
    versions: int

    @classmethod
    def of(cls, info: PlanInfo) -> "PlanOut":
        """From the domain value."""
        return cls(name=info.name, active=info.active, versions=info.versions)


class EntryOut(BaseModel):
    """A line of a plan's history."""

    id: UUID
    name: str
    number: int
    digest: str
    note: str
    published_at: datetime
    published_by: str

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        """From the domain value."""
        return cls(**{name: getattr(entry, name) for name in EntryOut.model_fields})


class FaultOut(BaseModel):
    """One thing wrong with a text, or one warning: the rule, the fix and the place."""

    field: str = ""
    rule: str
    fix: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None

    @classmethod
    def of(cls, fault: Fault) -> "FaultOut":
        """From the domain value."""
        return cls(**fault.as_json())


class ChangeOut(BaseModel):
    """One difference in meaning between two versions."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    old: Any
    new: Any
    sentence: str

    @classmethod
    def of(cls, change: Change) -> "ChangeOut":
        """From the domain value."""
        return cls(**change.as_json())


class TableOut(BaseModel):
    """A table of the plan told to people; cells may hold `code` in backticks."""

    title: str
    head: list[str]
    rows: list[list[str]]


class PartOut(BaseModel):
    """A section of the plan told to people."""

    anchor: str
    title: str
    sentences: list[str]
    tables: list[TableOut]

    @classmethod
    def of(cls, part: Part) -> "PartOut":
        """From the domain value."""
        tables = [
            TableOut(title=table.title, head=list(table.head), rows=[list(row) for row in table.rows])
            for table in part.tables
        ]
        return cls(anchor=part.anchor, title=part.title, sentences=list(part.sentences), tables=tables)


class VersionOut(EntryOut):
    """A version with its text, its data with defaults spelt out, and its prose."""

    text: str
    data: dict[str, Any]
    prose: list[PartOut]

    @classmethod
    def full(cls, version: Version, sections: tuple[PlanSection, ...]) -> "VersionOut":
        """From the domain value; `sections` are those of features."""
        entry = EntryOut.of(version).model_dump()
        return cls(
            **entry,
            text=version.text,
            data=plain(version.plan),
            prose=[PartOut.of(part) for part in prose(version.plan, sections)],
        )


class PublishIn(BaseModel):
    """A plan to publish. `note` says why, in the ledger and the history."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(description="The plan in YAML.")
    note: Annotated[str, Field(max_length=2000)] = ""
    file: Short | None = Field(None, description="The file's name, for its faults.")


class ValidateIn(BaseModel):
    """A plan to check."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(description="The plan in YAML.")
    file: Short | None = Field(None, description="The file's name, for its faults.")


class NoteIn(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(max_length=2000)] = ""


class ReviewOut(BaseModel):
    """What publishing a text would find and change."""

    valid: bool
    faults: list[FaultOut]
    warnings: list[FaultOut]
    changes: list[ChangeOut]

    @classmethod
    def of(cls, reading: Reading, changes: tuple[Change, ...]) -> "ReviewOut":
        """From the domain values."""
        return cls(
            valid=reading.plan is not None,
            faults=[FaultOut.of(fault) for fault in first_of(reading.faults)],
            warnings=[FaultOut.of(fault) for fault in first_of(reading.warnings)],
            changes=[ChangeOut.of(change) for change in changes[:MOST_CHANGES]],
        )


class PublishedOut(BaseModel):
    """What was published; `created` is false when the newest version says the same already."""

    version: EntryOut
    created: bool
    warnings: list[FaultOut]
    changes: list[ChangeOut]


class ReasonOut(BaseModel):
    """Why something was decided, and where the plan says so."""

    because: str
    at: str
    sentence: str

    @classmethod
    def of(cls, reason: Reason) -> "ReasonOut":
        """From the domain value."""
        return cls(**reason.as_json())
