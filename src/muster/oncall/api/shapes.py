"""What the routes take and give."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Depends, Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from muster.kit.errors import Fault, Invalid
from muster.kit.faults import refused
from muster.oncall.checks.finding import Finding
from muster.oncall.coverage.roster import Coverage, Span
from muster.oncall.schedules.draft import ScheduleDraft
from muster.oncall.schedules.manifest import write_schedule
from muster.oncall.schedules.notation import read_instant
from muster.oncall.schedules.version import StoredSchedule, StoredVersion, VersionState

LONGEST = timedelta(days=400)
WEEK = timedelta(days=7)


Instant = Annotated[datetime, BeforeValidator(read_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""An instant with its offset; without one it is refused."""

Name = Annotated[str, Path(max_length=63, description="The schedule's name.")]
From = Annotated[Instant | None, Query(alias="from", description="The first instant; now where left out.")]
To = Annotated[Instant | None, Query(description="The instant behind the last; a week after the first where left out.")]

Definition = Annotated[
    ScheduleDraft,
    refused("This schedule cannot be used.", ScheduleDraft),
    Body(description="The schedule in its manifest form; its times are local to its zone."),
]


class ReasonOut(BaseModel):
    """Why: `cause` is override, layer, uncovered or no_schedule; `name` the layer's name or the override's id."""

    cause: str
    name: str
    by: str
    note: str
    sentence: str

    @classmethod
    def of(cls, coverage: Coverage) -> "ReasonOut":
        """From the domain value."""
        reason = coverage.reason
        return cls(
            cause=str(reason.cause), name=reason.name, by=reason.by, note=reason.note, sentence=reason.sentence()
        )


class SpanOut(BaseModel):
    """A stretch of one coverage, without its end; `people` is empty in a gap, `shadows` learn beside and cover nothing."""

    start: datetime
    end: datetime
    people: list[str]
    shadows: list[str]
    reason: ReasonOut

    @classmethod
    def of(cls, span: Span) -> "SpanOut":
        """From the domain value."""
        return cls(
            start=span.start,
            end=span.end,
            people=[*span.people],
            shadows=[*span.shadows],
            reason=ReasonOut.of(span.coverage),
        )


class ScheduleOut(BaseModel):
    """A schedule in one of its versions, in force `since`; `definition` is its manifest form."""

    id: UUID
    name: str
    version: int
    since: datetime
    made_by: str
    time_zone: str
    definition: dict[str, Any]

    @classmethod
    def of(cls, stored: StoredSchedule) -> "ScheduleOut":
        """From the domain value."""
        return cls(
            id=stored.id,
            name=stored.name,
            version=stored.number,
            since=stored.since,
            made_by=stored.made_by,
            time_zone=stored.schedule.zone,
            definition=write_schedule(stored.schedule),
        )


class VersionOut(BaseModel):
    """One version of a schedule; `definition` is null in the version that deleted it.

    `state` is ahead (it has yet to take effect), in_force, past, or withdrawn (it never took effect).
    """

    version: int
    since: datetime
    state: str
    made_by: str
    definition: dict[str, Any] | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None

    @classmethod
    def of(cls, stored: StoredVersion, state: VersionState) -> "VersionOut":
        """From the domain value."""
        definition = write_schedule(stored.schedule) if stored.schedule else None
        return cls(
            version=stored.number,
            since=stored.since,
            state=str(state),
            made_by=stored.made_by,
            definition=definition,
            withdrawn_at=stored.withdrawn_at,
            withdrawn_by=stored.withdrawn_by,
        )


class SavedOut(ScheduleOut):
    """A schedule, what to look at in its next 90 days, and its versions that have yet to take effect, the newest first."""

    findings: tuple[Finding, ...]
    ahead: list[VersionOut]


Effect = Annotated[
    Instant | None,
    Query(alias="from", description="When the version takes effect, up to 366 days ahead; now where left out."),
]


def interval(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """What is asked for: from now and for a week, unless said otherwise.

    Raises:
        Invalid: it is empty or longer than 400 days.
    """
    start = start or now
    end = end or start + WEEK
    if end <= start:
        fault = Fault("to", "This is not after `from`.", "Write a later instant.")
        raise Invalid("The time asked for is empty.", faults=[fault])
    if end - start > LONGEST:
        fault = Fault("to", "At most 400 days can be asked for at once.", "Ask for a shorter time.")
        raise Invalid("The time asked for is too long.", faults=[fault])
    return start, end


class ReasonIn(BaseModel):
    """Why, for the records."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=500)


def _reason(body: ReasonIn | None = None) -> str:
    return body.reason if body else ""


Why = Annotated[str, Depends(_reason)]
"""The reason in a body that may be left out."""
