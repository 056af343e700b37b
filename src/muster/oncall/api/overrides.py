"""Overrides as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.duration import parse_duration
from muster.kit.errors import Fault, Invalid
from muster.oncall import store
from muster.oncall.actions import overrides
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import override_preview
from muster.oncall.api.shapes import From, Name, OverrideIn, OverrideOut, To, interval
from muster.oncall.picture.lanes import Viewer

router = api_router("/schedules/{name}/overrides", "schedules")


class EffectOut(BaseModel):
    """A stretch in which `after` would be on call instead of `before`; empty means nobody."""

    start: datetime
    end: datetime
    before: list[str]
    after: list[str]


class RemarkOut(BaseModel):
    """Something to know of the change: `weight` is good, bad or know."""

    weight: str
    sentence: str


class ForeseenOut(BaseModel):
    """What an override would do; `refused` says why you may not make it, or is empty."""

    start: datetime
    end: datetime
    effects: list[EffectOut]
    remarks: list[RemarkOut]
    refused: str


class Overrides(BaseModel):
    """Overrides in the order in which they were made: of two that overlap the later decides."""

    items: list[OverrideOut]


@router.get("")
@needs(Permission.SCHEDULE_READ)
async def list_overrides(unit: Uses, name: Name, start: From = None, to: To = None) -> Overrides:
    """List the overrides that hold at some instant of a time: the next year where left out."""
    await existing_schedule(unit.conn, name)
    begin, end = interval(start, to or (start or unit.now) + overrides.LONGEST, unit.now)
    rows = await store.overrides_of(unit.conn, [name], begin, end)
    return Overrides(items=[OverrideOut.of(each) for each in rows])


@router.post("", status_code=201)
@needs(Permission.SCHEDULE_OVERRIDE)
async def add_override(unit: Uses, name: Name, body: OverrideIn) -> OverrideOut:
    """Put somebody on call for a time; a start that has passed becomes now."""
    start = max(body.start or unit.now, unit.now)
    made = await overrides.add_override(unit, name, body.person, start, _end(body, start), body.note)
    return OverrideOut.of(made)


@router.post("/preview")
@needs(Permission.SCHEDULE_OVERRIDE)
async def preview_override(unit: Uses, name: Name, body: OverrideIn) -> ForeseenOut:
    """Say what an override would do, by the same evaluator and checks that page; nothing is written."""
    stored = await existing_schedule(unit.conn, name)
    start = max(body.start or unit.now, unit.now)
    viewer = Viewer(stored.schedule.zone, unit.principal.name)
    found = await override_preview(unit, name, body.person, start, _end(body, start), viewer)
    return ForeseenOut(
        start=found.start,
        end=found.end,
        effects=[
            EffectOut(start=each.start, end=each.end, before=[*each.before], after=[*each.after])
            for each in found.effects
        ],
        remarks=[RemarkOut(weight=str(each.weight), sentence=each.sentence) for each in found.remarks],
        refused=found.refused,
    )


@router.delete("/{id}")
@needs(Permission.SCHEDULE_OVERRIDE)
async def remove_override(
    unit: Uses, name: Name, id: UUID, reason: Annotated[str, Query(max_length=500)] = ""
) -> OverrideOut:
    """End an override now; what it did until now stays."""
    return OverrideOut.of(await overrides.remove_override(unit, name, id, reason))


def _end(body: OverrideIn, start: datetime) -> datetime:
    if body.end is not None and body.duration is None:
        return body.end
    if body.end is None and body.duration is not None:
        try:
            return start + parse_duration(body.duration)
        except ValueError as error:
            raise Invalid("This override cannot be made.", faults=[Fault("duration", f"{error}.")]) from None
    fault = Fault("end", "An override has either an end or a duration.", "Write one of them.")
    raise Invalid("This override cannot be made.", faults=[fault])
