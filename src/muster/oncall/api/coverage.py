"""Who is on call by one schedule, over a time or at an instant, and why, as JSON (R72)."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.oncall import store
from muster.oncall.actions.findings import findings_of, roster_of
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.api.shapes import Definition, From, Instant, Name, ReasonOut, SpanOut, To, interval
from muster.oncall.checks.finding import Finding
from muster.oncall.coverage.explanation import Step, explain
from muster.oncall.coverage.roster import Roster, Span
from muster.oncall.coverage.spans import at, layers_through, spans
from muster.oncall.schedules.schedule import Schedule
from muster.oncall.store.roster_rows import as_override

router = api_router("/schedules", "schedules")


class LayerCoverageOut(BaseModel):
    """What one layer would say alone, through every version; the people of a `shadow` layer learn and cover nothing."""

    name: str
    shadow: bool
    spans: list[SpanOut]


class CoverageOut(BaseModel):
    """The time from `start` to `end` without hole or overlap; `layers` stand from the lowest up."""

    schedule: str
    time_zone: str
    start: datetime
    end: datetime
    spans: list[SpanOut]
    layers: list[LayerCoverageOut]
    findings: tuple[Finding, ...]


class AtOut(BaseModel):
    """Who is on call at an instant and why: every source from the top. `shadows` learn beside them."""

    schedule: str
    at: datetime
    people: list[str]
    shadows: list[str]
    reason: ReasonOut
    steps: tuple[Step, ...]


@router.post("/preview")
@needs(Permission.SCHEDULE_MANAGE)
async def preview_schedule(unit: Uses, definition: Definition, start: From = None, to: To = None) -> CoverageOut:
    """Show what a schedule would say, and what would be wrong with it, without saving it."""
    begin, end = interval(start, to, unit.now)
    schedule = definition.schedule()
    overrides = await store.overrides_of(unit.conn, [schedule.name], begin, end)
    calendars = await store.contents_now(unit.conn, schedule.calendars, unit.now)
    return await _coverage(unit, schedule, Roster.of(schedule, map(as_override, overrides), calendars), begin, end)


@router.get("/{name}/coverage")
@needs(Permission.SCHEDULE_READ)
async def show_coverage(unit: Uses, name: Name, start: From = None, to: To = None) -> CoverageOut:
    """Show who is on call over a time; the past as it was, the future by the versions in force and to come."""
    stored = await existing_schedule(unit.conn, name, now=unit.now)
    begin, end = interval(start, to, unit.now)
    roster = await roster_of(unit.conn, name, begin, end)
    return await _coverage(unit, stored.schedule, roster, begin, end)


@router.get("/{name}/on-call")
@needs(Permission.SCHEDULE_READ)
async def show_on_call(
    unit: Uses,
    name: Name,
    instant: Annotated[Instant | None, Query(alias="at", description="Now where left out.")] = None,
) -> AtOut:
    """Show who is on call at an instant, and why."""
    await existing_schedule(unit.conn, name)
    moment = instant or unit.now
    roster = await roster_of(unit.conn, name, moment, moment + timedelta(microseconds=1))
    coverage = at(roster, moment)
    return AtOut(
        schedule=name,
        at=moment,
        people=[*coverage.people],
        shadows=[*coverage.shadows],
        reason=ReasonOut.of(coverage),
        steps=explain(roster, moment),
    )


async def _coverage(unit: Unit, schedule: Schedule, roster: Roster, start: datetime, end: datetime) -> CoverageOut:
    shadows = {
        layer.name
        for version in roster.versions
        for layer in (version.schedule.layers if version.schedule else ())
        if layer.shadow
    }
    return CoverageOut(
        schedule=schedule.name,
        time_zone=schedule.zone,
        start=start,
        end=end,
        spans=[SpanOut.of(span) for span in spans(roster, start, end)],
        layers=[
            LayerCoverageOut(name=name, shadow=name in shadows, spans=[SpanOut.of(Span(*piece)) for piece in pieces])
            for name, pieces in layers_through(roster, start, end).items()
        ],
        findings=await findings_of(unit.conn, roster, start, end),
    )
