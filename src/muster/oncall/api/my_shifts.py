"""One's own shifts, and what one wants to hear about them, as JSON."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.duration import format_duration
from muster.oncall.actions import own_shifts
from muster.oncall.api.shapes import From, To, interval
from muster.oncall.shifts.notices import NoticeChoices, read_before
from muster.oncall.shifts.shift import Shift

router = api_router("/me", "me")
USUAL_LENGTH = timedelta(days=90)


class ShiftOut(BaseModel):
    """A time of being on call without a break; `runs` tells whether it is now."""

    schedule: str
    person: str
    start: datetime
    end: datetime
    runs: bool

    @classmethod
    def of(cls, shift: Shift, now: datetime) -> "ShiftOut":
        """From the domain value."""
        return cls(schedule=shift.schedule, person=shift.person, start=shift.start, end=shift.end, runs=shift.runs(now))


class ShiftsOut(BaseModel):
    """Shifts by start."""

    items: list[ShiftOut]


class NoticesOut(BaseModel):
    """Which notices one gets: how long before a stint, or null; at its start and end; when others change one's shifts."""

    before: str | None
    at_start: bool
    at_end: bool
    changes: bool

    @classmethod
    def of(cls, choices: NoticeChoices) -> "NoticesOut":
        """From the domain value."""
        before = None if choices.before is None else format_duration(choices.before)
        return cls(before=before, at_start=choices.at_start, at_end=choices.at_end, changes=choices.changes)


class NoticesIn(BaseModel):
    """What one wants to hear; what is left out stays as usual."""

    model_config = ConfigDict(extra="forbid")

    before: str | None = Field("24h", max_length=50, examples=["24h"])
    at_start: bool = True
    at_end: bool = True
    changes: bool = True


@router.get("/shifts")
@needs(Permission.SCHEDULE_READ)
async def list_my_shifts(unit: Uses, start: From = None, to: To = None) -> ShiftsOut:
    """List one's own shifts by all schedules: those of the next 90 days unless said otherwise."""
    begin, end = interval(start, to or (start or unit.now) + USUAL_LENGTH, unit.now)
    me = await own_shifts.me_of(unit)
    shifts = await own_shifts.shifts_of_people(unit.conn, [me], begin, end)
    return ShiftsOut(items=[ShiftOut.of(shift, unit.now) for shift in shifts])


@router.get("/shift-notices")
@needs(Permission.SELF_MANAGE)
async def show_notices(unit: Uses) -> NoticesOut:
    """Show which notices one gets about one's own shifts."""
    return NoticesOut.of(await own_shifts.choices_of(unit))


@router.put("/shift-notices")
@needs(Permission.SELF_MANAGE)
async def choose_notices(unit: Uses, body: NoticesIn) -> NoticesOut:
    """Choose which notices one gets about one's own shifts."""
    choices = NoticeChoices(read_before(body.before), body.at_start, body.at_end, body.changes)
    return NoticesOut.of(await own_shifts.choose(unit, choices))
