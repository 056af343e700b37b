"""Swap and cover requests as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Fault, Invalid
from muster.oncall.actions import swaps
from muster.oncall.actions.own_shifts import me_of
from muster.oncall.api.shapes import Instant, Why
from muster.oncall.shifts.requests import RequestDraft, RequestState, ShiftRequest
from muster.oncall.store import request_rows

router = api_router("/requests", "schedules")


class TimeOut(BaseModel):
    """A stretch of time without its end."""

    start: datetime
    end: datetime


def _time(value: object) -> object:
    return {"start": value[0], "end": value[1]} if isinstance(value, tuple) else value


Time = Annotated[TimeOut, BeforeValidator(_time)]


class AskedOut(BaseModel):
    """Somebody who was asked; `declined_at` and `reason` where they said no."""

    model_config = ConfigDict(from_attributes=True)

    person: str
    declined_at: datetime | None
    reason: str


class RequestOut(BaseModel):
    """A request; `mine` is the asker's time, `theirs` what the asker takes in return in a swap."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    schedule: str
    asker: str
    mine: Time
    theirs: Time | None
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

    def draft(self) -> RequestDraft:
        """What is asked.

        Raises:
            Invalid: a swap without a time in return, or cover with one.
        """
        theirs = (self.their_start, self.their_end) if self.their_start and self.their_end else None
        if (self.kind == "swap") != (theirs is not None):
            rule = "A swap says which time you would take." if self.kind == "swap" else "Cover gives no time back."
            fault = Fault("their_start", rule, "Write their_start and their_end for a swap, and neither for cover.")
            raise Invalid("This cannot be asked.", faults=[fault])
        return RequestDraft((self.start, self.end), theirs, self.other, self.note)


@router.get("", response_model=Page[RequestOut])
@needs(Permission.SCHEDULE_READ)
async def list_requests(
    unit: Uses,
    state: RequestState | None = None,
    schedule: Annotated[str | None, Query(max_length=63)] = None,
    mine: Annotated[bool, Query(description="Only those that one asked or was asked.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[ShiftRequest]:
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
    items, following = page_of(rows, limit, lambda row: (str(row.id),))
    return Page(items=items, next=following)


@router.post("", status_code=201, response_model=RequestOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def ask(unit: Uses, body: RequestIn) -> ShiftRequest:
    """Ask others to take a shift of one's own; nothing changes until one of them agrees."""
    return await swaps.ask_swap(unit, body.schedule, body.draft())


@router.get("/{id}", response_model=RequestOut)
@needs(Permission.SCHEDULE_READ)
async def show_request(unit: Uses, id: UUID) -> ShiftRequest:
    """Show a request."""
    return await swaps.existing_request(unit, id)


@router.post("/{id}/accept", response_model=RequestOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def accept(unit: Uses, id: UUID) -> ShiftRequest:
    """Agree to a request; the overrides that carry it out are written now."""
    return await swaps.accept(unit, id)


@router.post("/{id}/decline", response_model=RequestOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def decline(unit: Uses, id: UUID, reason: Why) -> ShiftRequest:
    """Say no."""
    return await swaps.decline(unit, id, reason)


@router.post("/{id}/withdraw", response_model=RequestOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def withdraw(unit: Uses, id: UUID, reason: Why) -> ShiftRequest:
    """Take an open request back."""
    return await swaps.withdraw(unit, id, reason)


@router.post("/{id}/undo", response_model=RequestOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def undo(unit: Uses, id: UUID, reason: Why) -> ShiftRequest:
    """End what an accepted request changed, from now on."""
    return await swaps.undo(unit, id, reason)
