"""Swap and cover requests as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Fault, Invalid
from muster.kit.interval import Interval
from muster.oncall.actions import swaps
from muster.oncall.actions.own_shifts import me_of
from muster.oncall.api.shapes import Instant
from muster.oncall.shifts.requests import RequestState, ShiftRequest
from muster.oncall.store import request_rows

router = api_router("/requests", "schedules")


class TimeOut(BaseModel):
    """A stretch of time without its end."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, time: Interval) -> "TimeOut":
        """From the domain value."""
        return cls(start=time[0], end=time[1])


class AskedOut(BaseModel):
    """Somebody who was asked; `declined_at` and `reason` where they said no."""

    person: str
    declined_at: datetime | None
    reason: str


class RequestOut(BaseModel):
    """A request; `mine` is the asker's time, `theirs` what the asker takes in return in a swap."""

    id: UUID
    kind: str
    schedule: str
    asker: str
    mine: TimeOut
    theirs: TimeOut | None
    asked: list[AskedOut]
    note: str
    state: str
    asked_at: datetime
    expires_at: datetime
    accepted_by: str
    accepted_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    reason: str
    overrides: list[UUID]

    @classmethod
    def of(cls, found: ShiftRequest) -> "RequestOut":
        """From the domain value."""
        same = (
            "id", "schedule", "asker", "note", "asked_at", "expires_at", "accepted_by", "accepted_at", "ended_at",
            "ended_by", "reason",
        )  # fmt: skip
        return cls(
            **{name: getattr(found, name) for name in same},
            kind=str(found.kind),
            state=str(found.state),
            mine=TimeOut.of(found.mine),
            theirs=TimeOut.of(found.theirs) if found.theirs else None,
            asked=[
                AskedOut(person=each.person, declined_at=each.declined_at, reason=each.reason) for each in found.asked
            ],
            overrides=[*found.overrides],
        )


class RequestIn(BaseModel):
    """A new request of one's own: a swap has both times, cover only one's own; without `other` everybody is asked."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["swap", "cover"] = "cover"
    schedule: str = Field(max_length=63)
    start: Instant
    end: Instant
    their_start: Instant | None = None
    their_end: Instant | None = None
    other: str | None = Field(None, max_length=200)
    note: str = ""


class AnswerIn(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=500)


@router.get("")
@needs(Permission.SCHEDULE_READ)
async def list_requests(
    unit: Uses,
    state: RequestState | None = None,
    schedule: Annotated[str | None, Query(max_length=63)] = None,
    mine: Annotated[bool, Query(description="Only those that one asked or was asked.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[RequestOut]:
    """List requests, the newest first."""
    cursor = decode(after, UUID)
    person_id = (await me_of(unit)).id if mine else None
    rows = await request_rows.requests(
        unit.conn,
        schedule=schedule,
        person_id=person_id,
        state=str(state) if state else None,
        before=cursor[0] if cursor else None,
        limit=limit + 1,
    )
    kept, following = page_of(rows, limit, lambda row: (str(row.id),))
    return Page(items=[RequestOut.of(each) for each in kept], next=following)


@router.post("", status_code=201)
@needs(Permission.SCHEDULE_OVERRIDE)
async def ask(unit: Uses, body: RequestIn) -> RequestOut:
    """Ask others to take a shift of one's own; nothing changes until one of them agrees."""
    theirs = (body.their_start, body.their_end) if body.their_start and body.their_end else None
    if (body.kind == "swap") != (theirs is not None):
        rule = "A swap says which time you would take." if body.kind == "swap" else "Cover gives no time back."
        fault = Fault("their_start", rule, "Write their_start and their_end for a swap, and neither for cover.")
        raise Invalid("This cannot be asked.", faults=[fault])
    mine = (body.start, body.end)
    return RequestOut.of(await swaps.ask_swap(unit, body.schedule, mine, theirs, body.other, body.note))


@router.get("/{id}")
@needs(Permission.SCHEDULE_READ)
async def show_request(unit: Uses, id: UUID) -> RequestOut:
    """Show a request."""
    return RequestOut.of(await swaps.existing_request(unit, id))


@router.post("/{id}/accept")
@needs(Permission.SCHEDULE_OVERRIDE)
async def accept(unit: Uses, id: UUID) -> RequestOut:
    """Agree to a request; the overrides that carry it out are written now."""
    return RequestOut.of(await swaps.accept(unit, id))


@router.post("/{id}/decline")
@needs(Permission.SCHEDULE_OVERRIDE)
async def decline(unit: Uses, id: UUID, body: AnswerIn | None = None) -> RequestOut:
    """Say no."""
    return RequestOut.of(await swaps.decline(unit, id, body.reason if body else ""))


@router.post("/{id}/withdraw")
@needs(Permission.SCHEDULE_OVERRIDE)
async def withdraw(unit: Uses, id: UUID, body: AnswerIn | None = None) -> RequestOut:
    """Take an open request back."""
    return RequestOut.of(await swaps.withdraw(unit, id, body.reason if body else ""))


@router.post("/{id}/undo")
@needs(Permission.SCHEDULE_OVERRIDE)
async def undo(unit: Uses, id: UUID, body: AnswerIn | None = None) -> RequestOut:
    """End what an accepted request changed, from now on."""
    return RequestOut.of(await swaps.undo(unit, id, body.reason if body else ""))
