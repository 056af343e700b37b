"""Overrides as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.duration import parse_duration
from muster.kit.errors import Broken, Fault, Invalid
from muster.oncall import store
from muster.oncall.actions import overrides
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import OverridePreview, override_preview
from muster.oncall.api.shapes import From, Instant, Name, To, interval
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.override import OverrideDraft, StoredOverride

router = api_router("/schedules/{name}/overrides", "schedules")


class OverrideOut(BaseModel):
    """An override; `person` null means knowingly nobody. `effective_end` is earlier than `end` where it was removed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    schedule: str
    person: str | None
    start: datetime
    end: datetime
    effective_end: datetime
    note: str
    made_by: str
    created_at: datetime
    removed_at: datetime | None
    removed_by: str | None


class Overrides(BaseModel):
    """Overrides in the order in which they were made: of two that overlap the later decides."""

    items: list[OverrideOut]


class OverrideIn(BaseModel):
    """A new override: its end, or how long it lasts (`8h`), and a start unless it is now. `person` null means nobody."""

    model_config = ConfigDict(extra="forbid")

    person: str | None = Field(max_length=200)
    start: Instant | None = None
    end: Instant | None = None
    duration: str | None = Field(None, max_length=50, examples=["8h"])
    note: str = ""

    def draft(self, now: datetime) -> OverrideDraft:
        """What is wanted, with a start and an end.

        Raises:
            Invalid: it has neither an end nor a duration, or both.
        """
        start = max(self.start or now, now)
        return OverrideDraft(self.person, start, self._end(start), self.note)

    def _end(self, start: datetime) -> datetime:
        fault = Fault("end", "An override has either an end or a duration.", "Write one of them.")
        if self.end is not None and self.duration is None:
            return self.end
        if self.end is None and self.duration is not None:
            try:
                return start + parse_duration(self.duration)
            except Broken as error:
                fault = error.at("duration")
        raise Invalid("This override cannot be made.", faults=[fault])


@router.get("", response_model=Overrides)
@needs(Permission.SCHEDULE_READ)
async def list_overrides(unit: Uses, name: Name, start: From = None, to: To = None) -> dict[str, list[StoredOverride]]:
    """List the overrides that hold at some instant of a time: the next year where left out."""
    await existing_schedule(unit.conn, name)
    begin, end = interval(start, to or (start or unit.now) + overrides.LONGEST, unit.now)
    return {"items": await store.overrides_of(unit.conn, [name], begin, end)}


@router.post("", status_code=201, response_model=OverrideOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def add_override(unit: Uses, name: Name, body: OverrideIn) -> StoredOverride:
    """Put somebody on call for a time; a start that has passed becomes now."""
    return await overrides.add_override(unit, name, body.draft(unit.now))


@router.post("/preview")
@needs(Permission.SCHEDULE_OVERRIDE)
async def preview_override(unit: Uses, name: Name, body: OverrideIn) -> OverridePreview:
    """Say what an override would do, by the same evaluator and checks that page; nothing is written."""
    stored = await existing_schedule(unit.conn, name)
    viewer = Viewer(stored.schedule.zone, unit.principal.name)
    return await override_preview(unit, name, body.draft(unit.now), viewer)


@router.delete("/{id}", response_model=OverrideOut)
@needs(Permission.SCHEDULE_OVERRIDE)
async def remove_override(
    unit: Uses, name: Name, id: UUID, reason: Annotated[str, Query(max_length=500)] = ""
) -> StoredOverride:
    """End an override now; what it did until now stays."""
    return await overrides.remove_override(unit, name, id, reason)
