"""Silences and maintenance windows as JSON."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field

from muster.alerts.actions import silences
from muster.alerts.api.parts import names_of
from muster.alerts.api.shapes import Body, SilenceOut
from muster.alerts.matchers import Matcher
from muster.alerts.silence_draft import SilenceDraft, read_matchers
from muster.alerts.store import silences as store
from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.duration import parse_duration
from muster.kit.errors import Broken, Fault, Invalid

router = api_router("/silences", "silences")


Matchers = Annotated[list[Annotated[str, Field(max_length=5000)]], Field(max_length=100)]
Comment = Annotated[str, Field(max_length=2000)]


class SilenceTimes(Body):
    """From when it holds, and until `ends_at` or for `duration` ("2h")."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    duration: str | None = Field(default=None, max_length=50)


class SilenceIn(SilenceTimes):
    """A silence. It lasts until `ends_at`, or for `duration` ("2h") from its start, which is now where left out."""

    matchers: Matchers
    comment: Comment
    kind: Literal["silence", "maintenance"] = "silence"
    integration: str = ""


class SilenceChange(SilenceTimes):
    """What is to change; what is left out stays."""

    matchers: Matchers | None = None
    comment: Comment | None = None


class ExpireIn(Body):
    """Why it is ended before its time."""

    reason: str = Field(default="", max_length=2000)


@router.get("")
@needs(Permission.ALERT_READ)
async def list_silences(
    unit: Uses,
    state: Annotated[str, Query(pattern="^(current|all)$")] = "current",
    after: After = None,
    limit: Limit = 50,
) -> Page[SilenceOut]:
    """List silences that hold now or later, or all, those that end last first."""
    cursor = decode(after, datetime, UUID)
    rows = await store.newest(
        unit.conn, limit + 1, (cursor[0], cursor[1]) if cursor else None, None if state == "all" else unit.now
    )
    kept, following = page_of(rows, limit, lambda silence: (silence.ends_at, silence.id))
    names = await names_of(unit)
    return Page(items=[SilenceOut.of(silence, unit.now, names) for silence in kept], next=following)


@router.post("", status_code=201)
@needs(Permission.ALERT_SILENCE)
async def create_silence(unit: Uses, body: SilenceIn) -> SilenceOut:
    """Create a silence or a maintenance window; what fires and matches is held back at once."""
    starts_at = body.starts_at or unit.now
    draft = SilenceDraft(
        kind=body.kind,
        matchers=matchers_of(body.matchers),
        starts_at=starts_at,
        ends_at=end_of(body.ends_at, body.duration, starts_at),
        comment=body.comment,
        integration=body.integration,
    )
    return SilenceOut.of(await silences.create(unit, draft), unit.now, await names_of(unit))


@router.get("/{id}")
@needs(Permission.ALERT_READ)
async def show_silence(unit: Uses, id: UUID) -> SilenceOut:
    """Show a silence."""
    return SilenceOut.of(await silences.existing(unit, id), unit.now, await names_of(unit))


@router.patch("/{id}")
@needs(Permission.ALERT_SILENCE)
async def change_silence(unit: Uses, id: UUID, body: SilenceChange) -> SilenceOut:
    """Change a silence that is not over."""
    now = await silences.existing(unit, id)
    starts_at = body.starts_at or now.starts_at
    ends_at = now.ends_at
    if body.ends_at or body.duration:
        ends_at = end_of(body.ends_at, body.duration, unit.now)
    draft = SilenceDraft(
        kind=now.kind,
        matchers=now.matchers if body.matchers is None else matchers_of(body.matchers),
        starts_at=starts_at,
        ends_at=ends_at,
        comment=now.comment if body.comment is None else body.comment,
    )
    return SilenceOut.of(await silences.change(unit, id, draft), unit.now, await names_of(unit))


@router.post("/{id}/expire")
@needs(Permission.ALERT_SILENCE)
async def expire_silence(unit: Uses, id: UUID, body: ExpireIn | None = None) -> SilenceOut:
    """End a silence now; what it held and still fires pages."""
    reason = body.reason if body else ""
    return SilenceOut.of(await silences.expire(unit, id, reason), unit.now, await names_of(unit))


def matchers_of(texts: list[str]) -> tuple[Matcher, ...]:
    """Matchers from their texts.

    Raises:
        Invalid: with every one that cannot be read.
    """
    matchers, faults = read_matchers("\n".join(text.replace("\n", " ") for text in texts))
    if faults:
        raise Invalid("The matchers cannot be read.", faults=faults)
    return matchers


def end_of(ends_at: datetime | None, duration: str | None, starts_at: datetime) -> datetime:
    """When it ends, from one of the two ways to say it.

    Raises:
        Invalid: neither is given, or both, or the duration cannot be read.
    """
    if (ends_at is None) == (duration is None):
        fault = Fault("ends_at", "It needs one end: a time or a duration.", "Send `ends_at`, or `duration` such as 2h.")
        raise Invalid("This silence cannot be made.", faults=[fault])
    if ends_at is not None:
        return ends_at
    return starts_at + length_of(duration or "")


def length_of(duration: str) -> timedelta:
    """A duration as typed.

    Raises:
        Invalid: it cannot be read.
    """
    try:
        return parse_duration(duration)
    except Broken as error:
        raise Invalid("This silence cannot be made.", faults=[error.at("duration")]) from None
