"""Secret links to calendars as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.oncall.actions import feeds
from muster.oncall.shifts.feed import Feed, FeedKind

router = api_router("/feeds", "schedules")


class FeedOut(BaseModel):
    """A feed without its secret; `hint` is the secret's beginning."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    subject: str
    owner: str
    hint: str
    made_at: datetime
    rotated_at: datetime | None
    last_used_at: datetime | None
    last_client: str
    revoked_at: datetime | None


class MadeOut(FeedOut):
    """A feed with its address, which is shown this once."""

    url: str


class FeedsOut(BaseModel):
    """Feeds that work, the newest first."""

    items: list[FeedOut]


class FeedIn(BaseModel):
    """A new feed: of a person's, a team's or a schedule's shifts; without `subject` of one's own."""

    model_config = ConfigDict(extra="forbid")

    kind: FeedKind = FeedKind.PERSON
    subject: str = Field("", max_length=200)


@router.get("", response_model=FeedsOut)
@needs(Permission.SELF_MANAGE)
async def list_feeds(
    unit: Uses,
    everybody: Annotated[bool, Query(description="Everybody's; needs schedule.manage.")] = False,
) -> dict[str, list[Feed]]:
    """List one's own feeds, with when and by what each was last fetched."""
    return {"items": await feeds.feeds_of(unit, everybody=everybody)}


@router.post("", status_code=201)
@needs(Permission.SELF_MANAGE)
async def make_feed(unit: Uses, request: Request, body: FeedIn) -> MadeOut:
    """Make a secret link to a calendar; the answer alone shows its address."""
    feed, token = await feeds.make_feed(unit, body.kind, body.subject)
    return MadeOut(**dict(FeedOut.model_validate(feed)), url=url_of(request, token))


@router.post("/{id}/rotate")
@needs(Permission.SELF_MANAGE)
async def rotate_feed(unit: Uses, request: Request, id: UUID) -> MadeOut:
    """Exchange a feed's secret; the old address ends at once."""
    feed, token = await feeds.rotate_feed(unit, id)
    return MadeOut(**dict(FeedOut.model_validate(feed)), url=url_of(request, token))


@router.delete("/{id}", response_model=FeedOut)
@needs(Permission.SELF_MANAGE)
async def revoke_feed(unit: Uses, id: UUID) -> Feed:
    """End a feed."""
    return await feeds.revoke_feed(unit, id)


def url_of(request: Request, token: str) -> str:
    """The address that calendars subscribe to."""
    return f"{services_of(request).settings.base_url.rstrip('/')}/feeds/{token}.ics"
