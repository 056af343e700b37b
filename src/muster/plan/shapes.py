"""How plans, versions, faults and simulations look in JSON."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from muster.kit.errors import Fault, first_of
from muster.plan.action import Action, decided_in_order
from muster.plan.check_kind import CheckKind
from muster.plan.diff import PlanDifference, plain
from muster.plan.model.plan import Plan
from muster.plan.part import Part
from muster.plan.prose import prose
from muster.plan.reader import PlanReading
from muster.plan.reason import Reason
from muster.plan.section import PlanSection
from muster.plan.version import Version, VersionEntry

_LONGEST = 1_000_000
MOST_CHANGES = 500
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Text = Annotated[str, Field(max_length=_LONGEST)]
Short = Annotated[str, Field(max_length=500)]
Labels = Annotated[dict[Short, Annotated[str, Field(max_length=4000)]], Field(max_length=200)]


class ChangeOut(BaseModel):
    """One difference in meaning between two versions."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    old: Any
    new: Any
    sentence: str

    @classmethod
    def of(cls, change: PlanDifference) -> "ChangeOut":
        """From the domain value."""
        return cls(**change.as_json())


@dataclass(frozen=True, slots=True)
class VersionOut(VersionEntry):
    """A version with its text, its data with defaults spelt out, and its prose."""

    text: str
    data: dict[str, Any]
    prose: tuple[Part, ...]

    @classmethod
    def of(
        cls,
        version: Version,
        sections: tuple[PlanSection, ...],
        actions: tuple[Action, ...],
        checks: tuple[CheckKind, ...],
    ) -> "VersionOut":
        """From the domain value; the others are what features bring."""
        return cls(
            id=version.id,
            name=version.name,
            number=version.number,
            digest=version.digest,
            note=version.note,
            published_at=version.published_at,
            published_by=version.published_by,
            text=version.text,
            data=_spelt_out(version.plan, actions),
            prose=prose(version.plan, sections, actions, checks),
        )


def _spelt_out(plan: Plan, actions: tuple[Action, ...]) -> dict[str, Any]:
    """The plan's data, with null for each action of which its authority says nothing."""
    data = plain(plan)
    silent: dict[str, Any] = {action.name: None for action in decided_in_order(actions)}
    return {**data, "authority": silent | data["authority"]}


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
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    changes: list[ChangeOut]

    @classmethod
    def of(cls, reading: PlanReading, changes: tuple[PlanDifference, ...]) -> "ReviewOut":
        """From the domain values."""
        return cls(
            valid=reading.plan is not None,
            faults=first_of(reading.faults),
            warnings=first_of(reading.warnings),
            changes=[ChangeOut.of(change) for change in changes[:MOST_CHANGES]],
        )


class PublishedOut(BaseModel):
    """What was published; `created` is false when the newest version says the same already."""

    version: VersionEntry
    created: bool
    warnings: tuple[Fault, ...]
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
